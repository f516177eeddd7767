import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { toolPermissions } from '@switchboard/core/groups/schema';
import { fieldMessage, useTRPC, type Failure } from '../../lib/trpc.ts';
import { Choices } from '../../ui/form/choices.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input, Select, Textarea } from '../../ui/form/input.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import { permissionOrder, type GroupDraft } from './group-draft.ts';
import { toTree, withDescendants } from './tree.ts';

interface GroupFieldsProps {
  draft: GroupDraft;
  onChange: (draft: GroupDraft) => void;
  failure: Failure | null;
  /** Absent for a group to come. */
  id?: string;
  /** May give it another parent. */
  movable: boolean;
}

function ParentField({ draft, onChange, failure, id, movable }: GroupFieldsProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const groups = useQuery(trpc.groups.list.queryOptions({ limit: 1000, sort: 'displayName' }));
  const items = groups.data?.items ?? [];
  const below = id === undefined ? new Set<string>() : withDescendants(id, items);
  return (
    <Field label={t('groups.parent')} hint={t('groups.parentHint')} error={fieldMessage(failure, 'parentGroup')}>
      <Select
        value={draft.parentGroup}
        disabled={!movable}
        onChange={(event) => onChange({ ...draft, parentGroup: event.target.value })}
      >
        <option value="">{t('groups.noParent')}</option>
        {toTree(items)
          .filter(({ item }) => !below.has(item.id))
          .map(({ item, depth }) => (
            <option key={item.id} value={item.id}>
              {'  '.repeat(depth)}
              {item.displayName}
            </option>
          ))}
      </Select>
    </Field>
  );
}

export function GroupFields(props: GroupFieldsProps) {
  const { t } = useTranslation();
  const { draft, onChange, failure, id } = props;
  return (
    <div className="flex flex-col gap-5">
      <Field
        label={t('common.name')}
        hint={id === undefined ? t('common.idHint') : undefined}
        required
        error={fieldMessage(failure, 'name') ?? fieldMessage(failure, 'displayName')}
      >
        <Input
          value={draft.name}
          onChange={(event) => onChange({ ...draft, name: event.target.value })}
          {...(id === undefined ? { 'data-autofocus': true } : {})}
        />
      </Field>
      <Field label={t('common.description')} error={fieldMessage(failure, 'description')}>
        <Textarea
          rows={2}
          value={draft.description}
          onChange={(event) => onChange({ ...draft, description: event.target.value })}
        />
      </Field>
      <ParentField {...props} />
      <Choices
        inline
        legend={t('groups.serverPermissions')}
        hint={t('groups.serverPermissionsHint')}
        value={draft.servers}
        onChange={(servers) => onChange({ ...draft, servers })}
        error={fieldMessage(failure, 'permissions.servers')}
        options={permissionOrder.map((value) => ({ value, label: t(`permission.${value}`) }))}
      />
      <Choices
        inline
        legend={t('groups.toolPermissions')}
        value={draft.tools}
        onChange={(tools) => onChange({ ...draft, tools })}
        error={fieldMessage(failure, 'permissions.tools')}
        options={toolPermissions.map((value) => ({ value, label: t(`permission.${value}`) }))}
      />
      <Field
        label={t('groups.maxMembers')}
        hint={t('groups.maxMembersHint')}
        error={fieldMessage(failure, 'settings.maxMembers')}
      >
        <Input
          type="number"
          min={1}
          className="max-w-40"
          value={draft.maxMembers}
          onChange={(event) => onChange({ ...draft, maxMembers: event.target.value })}
        />
      </Field>
      <SwitchRow
        label={t('groups.requireApproval')}
        hint={t('groups.requireApprovalHint')}
        checked={draft.requireApproval}
        onChange={(requireApproval) => onChange({ ...draft, requireApproval })}
      />
      <SwitchRow
        label={t('groups.autoAssign')}
        hint={t('groups.autoAssignHint')}
        checked={draft.autoAssign}
        onChange={(autoAssign) => onChange({ ...draft, autoAssign })}
      />
    </div>
  );
}
