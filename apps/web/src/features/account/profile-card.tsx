import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '../../lib/api-types.ts';
import { fieldMessage, toFailure, useTRPC } from '../../lib/trpc.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Callout } from '../../ui/feedback/callout.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input } from '../../ui/form/input.tsx';
import { Card, Fact, Facts } from '../../ui/layout/card.tsx';
import { Time } from '../../ui/text/time.tsx';

function toDraft(user: User) {
  return { fullName: user.fullName ?? '', email: user.email ?? '' };
}

function Identity({ user }: { user: User }) {
  const { t } = useTranslation();
  return (
    <Facts>
      <Fact name={t('common.username')}>
        <span className="font-medium">{user.username}</span>
      </Fact>
      <Fact name={t('common.role')}>{t(`role.${user.role}`)}</Fact>
      <Fact name={t('common.groups')}>
        <span className="flex flex-wrap gap-1">
          {user.groups.length === 0 && <span className="text-ink-3">{t('account.noGroups')}</span>}
          {user.groups.map((group) => (
            <Badge key={group.id} tone={group.status === 'pending' ? 'warn' : 'neutral'}>
              {group.displayName}
              {group.status === 'pending' && ` · ${t('member.pending')}`}
              {group.status === 'active' && group.role === 'manager' && ` · ${t('member.manager')}`}
            </Badge>
          ))}
        </span>
      </Fact>
      {user.grants.length > 0 && (
        <Fact name={t('common.grants')}>{user.grants.map((grant) => t(`grant.${grant}`)).join(', ')}</Fact>
      )}
      <Fact name={t('common.lastLogin')}>
        <Time value={user.lastLoginAt} none={t('common.never')} />
      </Fact>
    </Facts>
  );
}

export function ProfileCard({ user }: { user: User }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [draft, setDraft] = useState(() => toDraft(user));
  const update = useMutation(
    trpc.account.update.mutationOptions({
      onSuccess: async (next) => {
        toast.ok(t('common.saved'));
        setDraft(toDraft(next));
        await queryClient.invalidateQueries(trpc.account.get.pathFilter());
      },
    }),
  );
  const failure = update.error ? toFailure(update.error) : null;
  const atField = fieldMessage(failure, 'email') ?? fieldMessage(failure, 'fullName');
  function save(event: FormEvent) {
    event.preventDefault();
    update.mutate({ email: draft.email.trim() || null, fullName: draft.fullName.trim() || null });
  }
  return (
    <Card title={t('common.profile')}>
      <Identity user={user} />
      <form onSubmit={save} className="mt-5 flex flex-col gap-4 border-t border-line pt-5">
        <Field label={t('common.fullName')} error={fieldMessage(failure, 'fullName')}>
          <Input
            autoComplete="name"
            value={draft.fullName}
            onChange={(event) => setDraft({ ...draft, fullName: event.target.value })}
          />
        </Field>
        <Field label={t('common.email')} error={fieldMessage(failure, 'email')}>
          <Input
            type="email"
            autoComplete="email"
            value={draft.email}
            onChange={(event) => setDraft({ ...draft, email: event.target.value })}
          />
        </Field>
        {failure && atField === null && <Callout alert tone="bad" title={failure.message} />}
        <Button
          type="submit"
          look="primary"
          className="self-start"
          busy={update.isPending}
          disabled={JSON.stringify(draft) === JSON.stringify(toDraft(user))}
        >
          {t('common.saveChanges')}
        </Button>
      </form>
    </Card>
  );
}
