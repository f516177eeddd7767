import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '../../lib/api-types.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Breadcrumb } from '../../ui/layout/breadcrumb.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { CopyText } from '../../ui/text/copy.tsx';
import { useUserActions } from './use-user-actions.ts';
import { toDraft, toPatch } from './user-draft.ts';
import { UserFacts } from './user-facts.tsx';
import { UserFields } from './user-fields.tsx';
import { UserMenu } from './user-menu.tsx';
import { UserRights } from './user-rights.tsx';
import { UserState } from './user-state.tsx';

function EditForm({ user }: { user: User }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const [draft, setDraft] = useState(() => toDraft(user));
  const changed = JSON.stringify(draft) !== JSON.stringify(toDraft(user));
  const update = useMutation(
    trpc.users.update.mutationOptions({
      onSuccess: async (next) => {
        toast.ok(t('common.saved'));
        setDraft(toDraft(next));
        await Promise.all([
          queryClient.invalidateQueries(trpc.users.pathFilter()),
          queryClient.invalidateQueries(trpc.groups.pathFilter()),
          queryClient.invalidateQueries(trpc.access.pathFilter()),
        ]);
      },
    }),
  );
  const failure = update.error ? toFailure(update.error) : null;
  function save(event: FormEvent) {
    event.preventDefault();
    update.mutate({ id: user.id, patch: toPatch(draft) });
  }
  return (
    <Card title={t('common.profile')}>
      <form onSubmit={save} noValidate className="flex flex-col gap-5">
        <UserFields isNew={false} draft={draft} onChange={setDraft} failure={failure} />
        {failure && (
          <Callout alert tone="bad" title={t('common.refused')}>
            {failure.message}
          </Callout>
        )}
        <div className="flex flex-wrap gap-3">
          <Button type="submit" look="primary" busy={update.isPending} disabled={!changed}>
            {t('common.saveChanges')}
          </Button>
          {changed && (
            <Button look="ghost" onClick={() => setDraft(toDraft(user))}>
              {t('common.undo')}
            </Button>
          )}
        </div>
      </form>
    </Card>
  );
}

export function UserPage() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const navigate = useNavigate();
  const actions = useUserActions();
  const { id } = useParams({ from: '/users/$id' });
  const { data: user, ...query } = useQuery(trpc.users.get.queryOptions({ id }));
  return (
    <Page
      title={user?.username ?? id}
      above={
        <Breadcrumb>
          <Link to="/users">{t('users.title')}</Link>
        </Breadcrumb>
      }
      heading={
        <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
          {user?.username ?? <Skeleton className="my-2 h-6 w-48" />}
          {user && <UserState user={user} className="text-base font-medium tracking-normal" />}
        </span>
      }
      lead={<CopyText text={id} className="text-ink-3" />}
      actions={
        user && (
          <>
            {!user.approved && (
              <Button look="primary" busy={actions.busy} onClick={() => actions.approve(user)}>
                {t('common.approve')}
              </Button>
            )}
            <UserMenu short user={user} onRemoved={() => void navigate({ to: '/users' })} />
          </>
        )
      }
    >
      {!user && query.isError && (
        <LoadFailed title={t('common.usersFailed')} error={query.error} onRetry={() => void query.refetch()} />
      )}
      {!user && query.isPending && <Skeleton className="h-96 rounded-lg" />}
      {user && (
        <div className="flex flex-col gap-4">
          <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
            <EditForm key={user.id} user={user} />
            <UserFacts user={user} />
          </div>
          <UserRights userId={user.id} />
        </div>
      )}
    </Page>
  );
}
