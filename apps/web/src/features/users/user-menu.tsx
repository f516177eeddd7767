import { useNavigate } from '@tanstack/react-router';
import { Ban, CircleCheck, LogOut, MoreHorizontal, Settings2, ShieldOff, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { User } from '../../lib/api-types.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { IconButton } from '../../ui/form/button.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/layout/menu.tsx';
import { useUserActions } from './use-user-actions.ts';

interface UserMenuProps {
  user: User;
  /** On the account's own page the way there is of no use. */
  short?: boolean;
  onRemoved?: () => void;
}

export function UserMenu({ user, short = false, onRemoved }: UserMenuProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const actions = useUserActions();
  const { me } = useInstance();
  const self = me?.user?.id === user.id;
  const label = t('common.actionsOf', { name: user.username });
  return (
    <Menu
      label={label}
      trigger={
        <IconButton label={label} look={short ? 'secondary' : 'ghost'}>
          <MoreHorizontal aria-hidden className="size-4" />
        </IconButton>
      }
    >
      {!short && (
        <MenuItem icon={<Settings2 />} onSelect={() => void navigate({ to: '/users/$id', params: { id: user.id } })}>
          {t('users.edit')}
        </MenuItem>
      )}
      {!user.approved && (
        <MenuItem icon={<CircleCheck />} onSelect={() => actions.approve(user)}>
          {t('common.approve')}
        </MenuItem>
      )}
      {user.mfaEnabled && (
        <MenuItem icon={<ShieldOff />} onSelect={() => void actions.resetMfa(user)}>
          {t('users.resetMfa')}
        </MenuItem>
      )}
      <MenuItem icon={<LogOut />} onSelect={() => void actions.endSessions(user)}>
        {t('users.endSessions')}
      </MenuItem>
      {!self && (
        <MenuItem icon={<Ban />} onSelect={() => actions.setDisabled(user, !user.disabled)}>
          {t(user.disabled ? 'users.enable' : 'common.disable')}
        </MenuItem>
      )}
      {!self && (
        <>
          <MenuLine />
          <MenuItem
            danger
            icon={<Trash2 />}
            onSelect={() => void actions.remove(user).then((gone) => gone && onRemoved?.())}
          >
            {t('users.remove')}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
