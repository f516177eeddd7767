import { ArrowUpFromLine, MoreHorizontal, RefreshCw, RotateCw, Square, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Run, StackDetails } from '../../lib/api-types.ts';
import { Button, IconButton } from '../../ui/form/button.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/layout/menu.tsx';
import { useStackActions } from './use-stack-actions.ts';

interface StackButtonsProps {
  stack: StackDetails;
  busy: boolean;
  follow: (run: Run) => void;
}

/** What may be done with the stack, beside its name. */
export function StackButtons({ stack, busy, follow }: StackButtonsProps) {
  const { t } = useTranslation();
  const actions = useStackActions(follow);
  const there = stack.services.some(({ containers }) => containers.length > 0);
  const waits = busy || actions.busy;
  return (
    <>
      {there && (
        <Button
          disabled={waits}
          icon={<Square aria-hidden className="size-3.5" />}
          onClick={() => void actions.down(stack)}
        >
          {t('stacks.do.down')}
        </Button>
      )}
      <Button
        look="primary"
        busy={waits}
        icon={<ArrowUpFromLine aria-hidden className="size-4" />}
        onClick={() => actions.up(stack)}
      >
        {t(there ? 'stacks.do.redeploy' : 'stacks.do.up')}
      </Button>
      <Menu
        label={t('common.actionsOf', { name: stack.project })}
        trigger={
          <IconButton label={t('common.actionsOf', { name: stack.project })} look="secondary">
            <MoreHorizontal aria-hidden className="size-4" />
          </IconButton>
        }
      >
        <MenuItem disabled={waits} icon={<RefreshCw />} onSelect={() => actions.up(stack, { pull: 'always' })}>
          {t('stacks.do.pullAndUp')}
        </MenuItem>
        <MenuItem disabled={waits} icon={<RefreshCw />} onSelect={() => actions.up(stack, { forceRecreate: true })}>
          {t('stacks.do.recreate')}
        </MenuItem>
        <MenuLine />
        <MenuItem disabled={waits || !there} icon={<RotateCw />} onSelect={() => actions.restart(stack)}>
          {t('container.do.restart')}
        </MenuItem>
        <MenuItem disabled={waits || !there} icon={<Square />} onSelect={() => actions.stop(stack)}>
          {t('container.do.stop')}
        </MenuItem>
        <MenuLine />
        <MenuItem danger disabled={waits || !there} icon={<Trash2 />} onSelect={() => void actions.down(stack, true)}>
          {t('stacks.do.downVolumes')}
        </MenuItem>
      </Menu>
    </>
  );
}
