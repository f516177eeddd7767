import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { GroupItem, GroupServer } from '../../lib/api-types.ts';
import { useGroup } from '../../lib/group-context.ts';
import { fieldMessage, toFailure } from '../../lib/trpc.ts';
import { cx } from '../../ui/class-names.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input, Textarea } from '../../ui/form/input.tsx';
import { Switch } from '../../ui/form/switch.tsx';
import { useGroupActions } from './use-group-actions.ts';

interface Row {
  server: GroupServer;
  item: GroupItem;
}

function ChangeForm({ server, item, onDone }: Row & { onDone: () => void }) {
  const { t } = useTranslation();
  const { setItem } = useGroupActions();
  const [rename, setRename] = useState(item.rename ?? '');
  const [description, setDescription] = useState(item.description ?? '');
  const renamable = item.type === 'tool' || item.type === 'prompt';
  const failure = setItem.error ? toFailure(setItem.error) : null;
  const original = item.originalDescription ?? '';
  function save(event: FormEvent) {
    event.preventDefault();
    const { groupId, serverId } = server;
    setItem.mutate(
      {
        groupId,
        serverId,
        type: item.type,
        name: item.name,
        ...(renamable ? { rename: rename.trim() || null } : {}),
        description: description.trim() === '' || description === original ? null : description,
      },
      { onSuccess: onDone },
    );
  }
  return (
    <form onSubmit={save} className="mt-2 flex flex-col gap-3 rounded-md border border-line bg-raised p-3">
      {renamable && (
        <Field
          label={t('groups.picker.rename')}
          hint={t('groups.picker.renameHint')}
          error={fieldMessage(failure, 'rename')}
        >
          <Input mono placeholder={item.name} value={rename} onChange={(event) => setRename(event.target.value)} />
        </Field>
      )}
      <Field label={t('items.newDescription')} error={fieldMessage(failure, 'description')}>
        <Textarea rows={3} value={description} onChange={(event) => setDescription(event.target.value)} />
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" size="sm" look="primary" busy={setItem.isPending}>
          {t('common.save')}
        </Button>
        <Button size="sm" onClick={onDone}>
          {t('common.cancel')}
        </Button>
        {description !== original && (
          <Button size="sm" look="ghost" onClick={() => setDescription(original)}>
            {t('items.useOriginal')}
          </Button>
        )}
      </div>
    </form>
  );
}

/** One item as the group's endpoint shows it. */
export function PickerRow({ server, item }: Row) {
  const { t } = useTranslation();
  const { can } = useGroup();
  const { setItem } = useGroupActions();
  const [editing, setEditing] = useState(false);
  const { groupId, serverId } = server;
  const pending = setItem.isPending ? setItem.variables.enabled : undefined;
  const enabled = pending ?? item.enabled;
  return (
    <li className="border-b border-line px-3 py-2.5 last:border-0">
      <div className="flex items-start gap-3">
        <span className="pt-0.5">
          <Switch
            checked={enabled}
            disabled={!can.servers}
            label={t('items.offer', { name: item.name })}
            onChange={(next) => setItem.mutate({ groupId, serverId, type: item.type, name: item.name, enabled: next })}
          />
        </span>
        <div className={cx('min-w-0 flex-1', !enabled && 'text-ink-3')}>
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <code className="font-mono text-sm font-medium break-all">{item.name}</code>
            {item.rename !== null && <Badge tone="accent">{t('groups.picker.renamed')}</Badge>}
            {item.description !== item.originalDescription && <Badge tone="accent">{t('items.redescribed')}</Badge>}
            {item.blocked && <Badge tone="warn">{t('groups.picker.blocked')}</Badge>}
          </p>
          {item.exposedName !== item.name && (
            <p className="font-mono text-xs break-all text-ink-3">
              {t('groups.picker.as', { name: item.exposedName })}
            </p>
          )}
          {item.description !== null && !editing && (
            <p className="mt-0.5 line-clamp-2 text-sm text-ink-3">{item.description}</p>
          )}
          {editing && <ChangeForm server={server} item={item} onDone={() => setEditing(false)} />}
        </div>
        {can.servers && !editing && (
          <Button
            size="sm"
            look="ghost"
            aria-label={t('groups.picker.changeOf', { name: item.name })}
            onClick={() => setEditing(true)}
          >
            {t('groups.picker.change')}
          </Button>
        )}
      </div>
    </li>
  );
}
