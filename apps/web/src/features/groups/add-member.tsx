import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Member } from '../../lib/api-types.ts';
import { useGroup } from '../../lib/group-context.ts';
import { AccountField } from '../../ui/form/account-field.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Select } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { useGroupActions } from './use-group-actions.ts';

/** Finds an account by its name and makes it a member; several names with commas between work too. */
export function AddMember({ members }: { members: readonly Member[] }) {
  const { t } = useTranslation();
  const group = useGroup();
  const { addMember } = useGroupActions();
  const [name, setName] = useState('');
  const [role, setRole] = useState<'member' | 'manager'>('member');
  const inside = new Set(members.map(({ userId }) => userId));
  async function add() {
    const names = name.split(/[,;]/).map((each) => each.trim());
    const refused: string[] = [];
    // One after the other: whom the hub refuses stays in the field and stops nobody else.
    for (const userId of new Set(names.filter(Boolean))) {
      await addMember.mutateAsync({ groupId: group.id, userId, role }).catch(() => refused.push(userId));
    }
    setName(refused.join(', '));
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    void add();
  }
  return (
    <Card title={t('groups.member.add')}>
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
        <AccountField
          label={t('common.username')}
          placeholder={t('groups.member.several')}
          value={name}
          onChange={setName}
          without={inside}
        />
        <Field label={t('common.role')} className="w-36">
          <Select value={role} onChange={(event) => setRole(event.target.value === 'manager' ? 'manager' : 'member')}>
            <option value="member">{t('member.member')}</option>
            <option value="manager">{t('member.manager')}</option>
          </Select>
        </Field>
        <Button type="submit" look="primary" busy={addMember.isPending}>
          {t('groups.member.addAction')}
        </Button>
      </form>
    </Card>
  );
}
