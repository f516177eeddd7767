import { useNavigate } from '@tanstack/react-router';
import {
  MoreHorizontal,
  Pause,
  Play,
  RotateCw,
  ScrollText,
  Settings2,
  Skull,
  Square,
  SquareTerminal,
  Trash2,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Container } from '../../lib/api-types.ts';
import { isOn } from '../../lib/container-state.ts';
import { useEngineName } from '../../lib/engine-search.ts';
import { IconButton } from '../../ui/form/button.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/layout/menu.tsx';
import type { ContainerActions } from './use-container-actions.ts';

interface ContainerMenuProps {
  container: Container;
  actions: ContainerActions;
  /** On the container's own page some ways are on the page already. */
  short?: boolean;
  onRemoved?: () => void;
}

export function ContainerMenu({ container, actions, short = false, onRemoved }: ContainerMenuProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const engine = useEngineName();
  const { id, name, status } = container;
  const on = isOn(container);
  function go(to: '/containers/$id/logs' | '/containers/$id/terminal' | '/containers/$id/settings') {
    void navigate({ to, params: { id }, search: { engine } });
  }
  return (
    <Menu
      label={t('common.actionsOf', { name })}
      trigger={
        <IconButton label={t('common.actionsOf', { name })} look={short ? 'secondary' : 'ghost'}>
          <MoreHorizontal aria-hidden className="size-4" />
        </IconButton>
      }
    >
      {!short && (
        <>
          <MenuItem icon={<ScrollText />} onSelect={() => go('/containers/$id/logs')}>
            {t('containers.tab.logs')}
          </MenuItem>
          {status === 'running' && (
            <MenuItem icon={<SquareTerminal />} onSelect={() => go('/containers/$id/terminal')}>
              {t('containers.tab.terminal')}
            </MenuItem>
          )}
          <MenuItem icon={<Settings2 />} onSelect={() => go('/containers/$id/settings')}>
            {t('containers.tab.settings')}
          </MenuItem>
          <MenuLine />
        </>
      )}
      {!on && (
        <MenuItem icon={<Play />} onSelect={() => actions.start(container)}>
          {t('container.do.start')}
        </MenuItem>
      )}
      {on && status !== 'paused' && (
        <MenuItem icon={<Pause />} onSelect={() => actions.pause(container)}>
          {t('container.do.pause')}
        </MenuItem>
      )}
      {status === 'paused' && (
        <MenuItem icon={<Play />} onSelect={() => actions.unpause(container)}>
          {t('container.do.unpause')}
        </MenuItem>
      )}
      {on && (
        <>
          <MenuItem icon={<RotateCw />} onSelect={() => actions.restart(container)}>
            {t('container.do.restart')}
          </MenuItem>
          <MenuItem icon={<Square />} onSelect={() => actions.stop(container)}>
            {t('container.do.stop')}
          </MenuItem>
          <MenuItem icon={<Skull />} onSelect={() => actions.kill(container)}>
            {t('container.do.kill')}
          </MenuItem>
        </>
      )}
      <MenuLine />
      <MenuItem
        danger
        icon={<Trash2 />}
        onSelect={() => void actions.remove(container).then((gone) => gone && onRemoved?.())}
      >
        {t('container.do.remove')}
      </MenuItem>
    </Menu>
  );
}
