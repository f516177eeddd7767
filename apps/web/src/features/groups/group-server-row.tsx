import { ChevronRight } from 'lucide-react';
import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { GroupServer } from '../../lib/api-types.ts';
import { useGroup } from '../../lib/group-context.ts';
import { cx } from '../../ui/class-names.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Choices } from '../../ui/form/choices.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { permissionOrder } from './group-draft.ts';
import { ToolPicker } from './tool-picker.tsx';
import { useGroupActions } from './use-group-actions.ts';

function AliasForm({ server }: { server: GroupServer }) {
  const { t } = useTranslation();
  const { updateServer } = useGroupActions();
  const [alias, setAlias] = useState(server.alias ?? '');
  function submit(event: FormEvent) {
    event.preventDefault();
    const { groupId, serverId } = server;
    updateServer.mutate({ groupId, serverId, alias: alias.trim() || null });
  }
  return (
    <form onSubmit={submit} className="flex flex-wrap items-start gap-2">
      <Field label={t('groups.alias')} hint={t('groups.aliasHint')} className="min-w-40 max-w-72 flex-1">
        <Input mono placeholder={server.serverId} value={alias} onChange={(event) => setAlias(event.target.value)} />
      </Field>
      <Button
        type="submit"
        className="mt-[1.625rem]"
        busy={updateServer.isPending}
        disabled={alias.trim() === (server.alias ?? '')}
      >
        {t('common.save')}
      </Button>
    </form>
  );
}

function Details({ server }: { server: GroupServer }) {
  const { t } = useTranslation();
  const { can } = useGroup();
  const { updateServer, removeServer, ask } = useGroupActions();
  const { groupId, serverId, name } = server;
  async function remove() {
    const yes = await ask({
      title: t('groups.removeServerTitle', { name }),
      body: t('groups.removeServerBody'),
      action: t('common.remove'),
    });
    if (yes) removeServer.mutate({ groupId, serverId });
  }
  return (
    <div className="flex flex-col gap-5 border-t border-line bg-sunken/40 px-4 py-4">
      {can.servers && (
        <>
          <div className="flex flex-wrap items-start justify-between gap-3">
            <Choices
              inline
              legend={t('groups.gives')}
              hint={
                server.effective.length < server.permissions.length
                  ? t('groups.narrowed', {
                      left: server.effective.map((each) => t(`permission.${each}`)).join(', ') || '–',
                    })
                  : undefined
              }
              value={server.permissions}
              onChange={(next) =>
                updateServer.mutate({
                  groupId,
                  serverId,
                  permissions: permissionOrder.filter((each) => next.includes(each)),
                })
              }
              options={permissionOrder.map((value) => ({ value, label: t(`permission.${value}`) }))}
            />
            <Button size="sm" look="ghost" className="text-bad!" onClick={() => void remove()}>
              {t('groups.removeServer')}
            </Button>
          </div>
          <AliasForm key={server.alias} server={server} />
        </>
      )}
      <ToolPicker server={server} />
    </div>
  );
}

export function GroupServerRow({
  server,
  open,
  onToggle,
}: {
  server: GroupServer;
  open: boolean;
  onToggle: () => void;
}) {
  const { t } = useTranslation();
  const panel = useId();
  return (
    <li className="border-b border-line last:border-0">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={panel}
        onClick={onToggle}
        className="flex w-full flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 text-left hover:bg-hover focus-visible:-outline-offset-2"
      >
        <ChevronRight
          aria-hidden
          className={cx('size-4 shrink-0 text-ink-3 transition-transform', open && 'rotate-90')}
        />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{server.name}</span>
          <span className="block truncate font-mono text-xs text-ink-3">
            {server.alias === null ? server.serverId : `${server.alias} ← ${server.serverId}`}
          </span>
        </span>
        <span className="flex flex-wrap gap-1">
          {server.effective.map((each) => (
            <Badge key={each}>{t(`permission.${each}`)}</Badge>
          ))}
        </span>
        <span className="tabular w-20 text-right text-sm text-ink-3">
          {t('groups.toolCount', { count: server.toolCount })}
        </span>
      </button>
      <div id={panel} hidden={!open}>
        {open && <Details server={server} />}
      </div>
    </li>
  );
}
