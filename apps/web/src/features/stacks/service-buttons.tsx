import { useNavigate } from '@tanstack/react-router';
import { Minus, MoreHorizontal, Play, Plus, RotateCw, ScrollText, Server, Square } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StackService } from '../../lib/api-types.ts';
import { IconButton } from '../../ui/form/button.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/layout/menu.tsx';
import { ServiceAsServer } from './service-as-server.tsx';
import { useStackPage } from './stack-context.ts';
import { useStackActions } from './use-stack-actions.ts';

/** How many containers the service has; one more or less starts a run. */
function Scale({ service, count }: { service: StackService; count: number }) {
  const { t } = useTranslation();
  const { stack, busy, follow } = useStackPage();
  const actions = useStackActions(follow);
  const { name } = service;
  const waits = busy || actions.busy;
  return (
    <div role="group" aria-label={t('stacks.scaleOf', { name })} className="flex items-center gap-1">
      <IconButton
        size="sm"
        label={t('stacks.fewer', { name })}
        disabled={waits || count === 0}
        onClick={() => actions.scale(stack, name, count - 1)}
      >
        <Minus aria-hidden className="size-3.5" />
      </IconButton>
      <span className="w-6 text-center tabular">{count}</span>
      <IconButton
        size="sm"
        label={t('stacks.more', { name })}
        disabled={waits}
        onClick={() => actions.scale(stack, name, count + 1)}
      >
        <Plus aria-hidden className="size-3.5" />
      </IconButton>
    </div>
  );
}

export function ServiceButtons({ service }: { service: StackService }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { stack, busy, follow } = useStackPage();
  const actions = useStackActions(follow);
  const [asServer, setAsServer] = useState(false);
  const { name, containers } = service;
  const waits = busy || actions.busy;
  const label = t('common.actionsOf', { name });
  return (
    <div className="flex items-center gap-2">
      <Scale service={service} count={containers.length} />
      <Menu
        label={label}
        trigger={
          <IconButton label={label}>
            <MoreHorizontal aria-hidden className="size-4" />
          </IconButton>
        }
      >
        <MenuItem
          icon={<ScrollText />}
          onSelect={() =>
            void navigate({ to: '/stacks/$id/logs', params: { id: stack.id }, search: { service: name } })
          }
        >
          {t('stacks.tab.logs')}
        </MenuItem>
        <MenuItem icon={<Server />} disabled={containers.length === 0} onSelect={() => setAsServer(true)}>
          {t('stacks.asServer')}
        </MenuItem>
        <MenuLine />
        {!service.running && (
          <MenuItem icon={<Play />} disabled={waits} onSelect={() => actions.start(stack, [name])}>
            {t('container.do.start')}
          </MenuItem>
        )}
        <MenuItem
          icon={<RotateCw />}
          disabled={waits || containers.length === 0}
          onSelect={() => actions.restart(stack, [name])}
        >
          {t('container.do.restart')}
        </MenuItem>
        <MenuItem
          icon={<Square />}
          disabled={waits || containers.length === 0}
          onSelect={() => actions.stop(stack, [name])}
        >
          {t('container.do.stop')}
        </MenuItem>
      </Menu>
      <ServiceAsServer service={service} open={asServer} onClose={() => setAsServer(false)} />
    </div>
  );
}
