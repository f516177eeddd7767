import { Link } from '@tanstack/react-router';
import { ChevronRight, FlaskConical } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Item, ServerItems } from '../../lib/api-types.ts';
import { useServer } from '../../lib/server-context.ts';
import { cx } from '../../ui/class-names.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { buttonClass } from '../../ui/form/button.tsx';
import { Switch } from '../../ui/form/switch.tsx';
import { ItemDetail } from './item-detail.tsx';
import { ItemNoteBadge } from './item-notes.tsx';
import { methods, useSetItem } from './use-set-item.ts';

interface ItemRowProps {
  item: Item;
  /** What the hub did about its definition. */
  notes: ServerItems['notes'];
  open: boolean;
  onToggle: () => void;
}

export function ItemRow({ item, notes, open, onToggle }: ItemRowProps) {
  const { t } = useTranslation();
  const server = useServer();
  const setItem = useSetItem();
  const panel = useId();
  const pending = setItem.isPending ? setItem.variables.enabled : undefined;
  const enabled = pending ?? item.enabled;
  return (
    <li className="border-b border-line last:border-0">
      <div className="flex items-start gap-3 px-4 py-3">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={panel}
          onClick={onToggle}
          className="group flex min-w-0 flex-1 items-start gap-2.5 rounded-sm text-left"
        >
          <ChevronRight
            aria-hidden
            className={cx('mt-1 size-4 shrink-0 text-ink-3 transition-transform', open && 'rotate-90')}
          />
          <span className={cx('min-w-0', !enabled && 'opacity-60')}>
            <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <code className="font-mono text-sm font-medium break-all">{item.name}</code>
              {item.title !== null && item.title !== item.name && <span className="text-ink-2">{item.title}</span>}
              {item.type === 'template' && <Badge>{t('servers.items.template')}</Badge>}
              {item.description !== item.originalDescription && <Badge tone="accent">{t('items.redescribed')}</Badge>}
              <ItemNoteBadge notes={notes} />
            </span>
            {item.description !== null && !open && (
              <span className="mt-0.5 line-clamp-2 text-sm text-ink-3">{item.description}</span>
            )}
          </span>
        </button>
        {server.can.use && enabled && (
          <Link
            to="/playground"
            search={{ server: server.id, method: methods[item.type], name: item.name }}
            className={buttonClass('secondary', 'sm', 'max-sm:hidden')}
            aria-label={t('servers.items.tryOf', { name: item.name })}
          >
            <FlaskConical aria-hidden className="size-3.5" />
            {t('servers.try')}
          </Link>
        )}
        <span className="grid h-7 place-items-center">
          <Switch
            checked={enabled}
            disabled={!server.can.configure}
            label={t('items.offer', { name: item.name })}
            onChange={(next) => setItem.mutate({ id: server.id, type: item.type, name: item.name, enabled: next })}
          />
        </span>
      </div>
      <div id={panel} hidden={!open}>
        {open && <ItemDetail item={item} />}
      </div>
    </li>
  );
}
