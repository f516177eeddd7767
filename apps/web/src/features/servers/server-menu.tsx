import { useNavigate } from '@tanstack/react-router';
import {
  Ban,
  Cable,
  FlaskConical,
  MoreHorizontal,
  Play,
  RotateCw,
  Settings2,
  Square,
  TestTubes,
  Trash2,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Server } from '../../lib/api-types.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { IconButton } from '../../ui/form/button.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/layout/menu.tsx';
import type { ServerActions } from './use-server-actions.ts';

interface ServerMenuProps {
  server: Server;
  actions: ServerActions;
  /** On the server's own page some ways are on the page already. */
  short?: boolean;
  onRemoved?: () => void;
}

export function ServerMenu({ server, actions, short = false, onRemoved }: ServerMenuProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { me } = useInstance();
  const { can } = server;
  const on = server.desired === 'on';
  return (
    <Menu
      label={t('common.actionsOf', { name: server.name })}
      trigger={
        <IconButton label={t('common.actionsOf', { name: server.name })} look={short ? 'secondary' : 'ghost'}>
          <MoreHorizontal aria-hidden className="size-4" />
        </IconButton>
      }
    >
      {!short && can.use && (
        <MenuItem
          icon={<FlaskConical />}
          onSelect={() => void navigate({ to: '/playground', search: { server: server.id } })}
        >
          {t('servers.try')}
        </MenuItem>
      )}
      {!short && (
        <MenuItem
          icon={<Cable />}
          onSelect={() => void navigate({ to: '/servers/$id/connect', params: { id: server.id } })}
        >
          {t('common.connect')}
        </MenuItem>
      )}
      {me?.can.createApp && server.kind !== 'app' && (
        <MenuItem
          icon={<TestTubes />}
          onSelect={() => void navigate({ to: '/simulator', search: { from: server.id } })}
        >
          {t('servers.simulate')}
        </MenuItem>
      )}
      {can.configure && (
        <MenuItem
          icon={<Settings2 />}
          onSelect={() => void navigate({ to: '/servers/$id/settings', params: { id: server.id } })}
        >
          {t('common.settings')}
        </MenuItem>
      )}
      {can.operate && <MenuLine />}
      {can.operate && !on && (
        <MenuItem icon={<Play />} onSelect={() => actions.start(server)}>
          {t('servers.start')}
        </MenuItem>
      )}
      {can.operate && on && (
        <MenuItem icon={<RotateCw />} onSelect={() => actions.restart(server)}>
          {t('servers.restart')}
        </MenuItem>
      )}
      {can.operate && on && (
        <MenuItem icon={<Square />} onSelect={() => actions.stop(server)}>
          {t('servers.stop')}
        </MenuItem>
      )}
      {can.configure && server.desired !== 'disabled' && (
        <MenuItem icon={<Ban />} onSelect={() => actions.disable(server)}>
          {t('common.disable')}
        </MenuItem>
      )}
      {can.remove && (
        <>
          <MenuLine />
          <MenuItem
            danger
            icon={<Trash2 />}
            onSelect={() => void actions.remove(server).then((gone) => gone && onRemoved?.())}
          >
            {t('servers.remove')}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
