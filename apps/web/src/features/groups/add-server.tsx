import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useGroup } from '../../lib/group-context.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { Button } from '../../ui/form/button.tsx';
import { Choices } from '../../ui/form/choices.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Select } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { permissionOrder } from './group-draft.ts';
import { useGroupActions } from './use-group-actions.ts';

/** Puts a server into the group. */
export function AddServer({ taken }: { taken: readonly string[] }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const group = useGroup();
  const { addServer } = useGroupActions();
  const servers = useQuery(trpc.servers.list.queryOptions({ limit: 1000, sort: 'name' }));
  const [serverId, setServerId] = useState('');
  const [permissions, setPermissions] = useState<string[]>(['read', 'execute']);
  const free = servers.data?.items.filter(({ id }) => !taken.includes(id)) ?? [];
  function submit(event: FormEvent) {
    event.preventDefault();
    addServer.mutate(
      { groupId: group.id, serverId, permissions: permissionOrder.filter((each) => permissions.includes(each)) },
      { onSuccess: () => setServerId('') },
    );
  }
  return (
    <Card title={t('groups.addServer')}>
      <form onSubmit={submit} className="flex flex-wrap items-end gap-x-6 gap-y-3">
        <Field label={t('common.server')} className="min-w-48 flex-1">
          <Select required value={serverId} onChange={(event) => setServerId(event.target.value)}>
            <option value="">{t('schema.choose')}</option>
            {free.map((server) => (
              <option key={server.id} value={server.id}>
                {server.name}
              </option>
            ))}
          </Select>
        </Field>
        <Choices
          inline
          legend={t('groups.gives')}
          value={permissions}
          onChange={setPermissions}
          options={permissionOrder.map((value) => ({ value, label: t(`permission.${value}`) }))}
        />
        <Button type="submit" look="primary" busy={addServer.isPending} disabled={serverId === ''}>
          {t('groups.addServerAction')}
        </Button>
      </form>
    </Card>
  );
}
