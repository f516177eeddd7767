import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Container } from '../../lib/api-types.ts';
import { portsOf, shortId } from '../../lib/container-state.ts';
import { useEngineName } from '../../lib/engine-search.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { ContainerState } from '../../ui/feedback/container-state.tsx';
import { Checkbox } from '../../ui/form/input.tsx';
import { Tooltip } from '../../ui/layout/tooltip.tsx';
import { ContainerMenu } from './container-menu.tsx';
import { useTableTools } from './selection.ts';

export function NameCell({ container }: { container: Container }) {
  const engine = useEngineName();
  return (
    <div className="min-w-0">
      <Link
        to="/containers/$id"
        params={{ id: container.id }}
        search={{ engine }}
        className="block max-w-56 truncate font-medium hover:underline max-sm:max-w-36"
      >
        {container.name}
      </Link>
      <span className="block max-w-56 truncate font-mono text-xs text-ink-3 max-sm:max-w-36">
        {container.image.startsWith('sha256:') ? shortId(container.image) : container.image}
      </span>
    </div>
  );
}

export function StateCell({ container }: { container: Container }) {
  const { t } = useTranslation();
  const { error, health, server, undescribed } = container;
  return (
    <div className="min-w-0">
      <ContainerState container={container} />
      {error !== '' && <p className="line-clamp-2 max-w-[16rem] text-xs break-words text-bad">{error}</p>}
      {undescribed !== null && (
        <p className="line-clamp-3 max-w-[16rem] text-xs break-words text-bad">
          {t('containers.undescribed', { reason: undescribed })}
        </p>
      )}
      {health === 'healthy' && <p className="text-xs text-ink-3">{t('containers.healthy')}</p>}
      {server !== null && (
        <p className="text-xs text-ink-3">
          <Link to="/servers/$id" params={{ id: server }} className="hover:underline">
            {t('containers.ofServer', { name: server })}
          </Link>
        </p>
      )}
    </div>
  );
}

export function PortsCell({ container }: { container: Container }) {
  const ports = portsOf(container);
  const [first, second, ...more] = ports;
  if (first === undefined) return <span className="text-ink-3">–</span>;
  return (
    <span className="flex max-w-40 flex-wrap gap-1">
      <Badge mono>{first}</Badge>
      {second !== undefined && <Badge mono>{second}</Badge>}
      {more.length > 0 && (
        <Tooltip text={ports.join(', ')}>
          <button type="button" className="text-xs text-ink-3">
            +{more.length}
          </button>
        </Tooltip>
      )}
    </span>
  );
}

export function StackCell({ container }: { container: Container }) {
  const engine = useEngineName();
  const { project, service } = container;
  if (project === null) return <span className="text-ink-3">–</span>;
  return (
    <div className="min-w-0">
      <Link to="/containers" search={{ engine, stack: project }} className="block max-w-28 truncate hover:underline">
        {project}
      </Link>
      {service !== null && <span className="block max-w-28 truncate text-xs text-ink-3">{service}</span>}
    </div>
  );
}

export function SelectCell({ container }: { container: Container }) {
  const { t } = useTranslation();
  const { selected, toggle } = useTableTools();
  return (
    <Checkbox
      aria-label={t('containers.select', { name: container.name })}
      checked={selected.has(container.id)}
      onChange={(event) => toggle([container.id], event.target.checked)}
    />
  );
}

export function SelectAll() {
  const { t } = useTranslation();
  const { selected, toggle, ids } = useTableTools();
  const on = ids.length > 0 && ids.every((id) => selected.has(id));
  return (
    <Checkbox
      aria-label={t('containers.selectAll')}
      checked={on}
      onChange={(event) => toggle(ids, event.target.checked)}
    />
  );
}

export function MenuCell({ container }: { container: Container }) {
  const { actions } = useTableTools();
  return <ContainerMenu container={container} actions={actions} />;
}
