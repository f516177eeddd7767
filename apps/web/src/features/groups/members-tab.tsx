import { useQuery } from '@tanstack/react-query';
import { LogOut, Users } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Member } from '../../lib/api-types.ts';
import { useGroup } from '../../lib/group-context.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Empty } from '../../ui/feedback/empty.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { SkeletonRows } from '../../ui/feedback/skeleton.tsx';
import { Button } from '../../ui/form/button.tsx';
import { SearchInput, Select } from '../../ui/form/input.tsx';
import { Card } from '../../ui/layout/card.tsx';
import { Time } from '../../ui/text/time.tsx';
import { AddMember } from './add-member.tsx';
import { useGroupActions } from './use-group-actions.ts';

function MemberRow({ member }: { member: Member }) {
  const { t } = useTranslation();
  const { can } = useGroup();
  const { updateMember, approveMember, removeMember, ask } = useGroupActions();
  const { groupId, userId, username } = member;
  const pending = member.status === 'pending';
  async function remove() {
    const yes = await ask({
      title: t('groups.member.removeTitle', { name: username }),
      body: t('groups.member.removeBody'),
      action: t('common.remove'),
    });
    if (yes) removeMember.mutate({ groupId, userId });
  }
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2.5 last:border-0">
      <span
        aria-hidden
        className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft text-sm font-semibold text-accent-text uppercase"
      >
        {username.slice(0, 1)}
      </span>
      <div className="min-w-32 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          <span className="truncate">{username}</span>
          {pending && <Badge tone="warn">{t('member.pending')}</Badge>}
        </p>
        <p className="text-xs text-ink-3">
          {member.fullName !== null && `${member.fullName} · `}
          {t('groups.member.since')} <Time value={member.createdAt} />
        </p>
      </div>
      {pending && can.members && (
        <Button
          size="sm"
          look="primary"
          busy={approveMember.isPending}
          aria-label={t('groups.member.approveOf', { name: username })}
          onClick={() => approveMember.mutate({ groupId, userId })}
        >
          {t('common.approve')}
        </Button>
      )}
      {!can.members && <span className="text-sm text-ink-2">{t(`member.${member.role}`)}</span>}
      {can.members && (
        <>
          <Select
            compact
            className="w-32"
            aria-label={t('groups.member.roleOf', { name: username })}
            value={member.role}
            onChange={(event) =>
              updateMember.mutate({ groupId, userId, role: event.target.value === 'manager' ? 'manager' : 'member' })
            }
          >
            <option value="member">{t('member.member')}</option>
            <option value="manager">{t('member.manager')}</option>
          </Select>
          <Button
            size="sm"
            look="ghost"
            className="text-bad!"
            aria-label={t('groups.member.removeOf', { name: username })}
            onClick={() => void remove()}
          >
            {t('common.remove')}
          </Button>
        </>
      )}
    </li>
  );
}

function Leave() {
  const { t } = useTranslation();
  const group = useGroup();
  const { leave, ask } = useGroupActions();
  if (group.membership === null || group.membership === 'inherited') return null;
  async function run() {
    const yes = await ask({
      title: t('groups.member.leaveTitle', { name: group.displayName }),
      body: t('groups.member.leaveBody'),
      action: t('groups.member.leave'),
    });
    if (yes) leave.mutate({ groupId: group.id });
  }
  return (
    <Button size="sm" icon={<LogOut aria-hidden className="size-3.5" />} onClick={() => void run()}>
      {t('groups.member.leave')}
    </Button>
  );
}

/** Lets everybody in who waits. */
function ApproveAll({ members }: { members: readonly Member[] }) {
  const { t } = useTranslation();
  const { can } = useGroup();
  const { approveMember } = useGroupActions();
  const [running, setRunning] = useState(false);
  const waiting = members.filter(({ status }) => status === 'pending');
  if (!can.members || waiting.length < 2) return null;
  async function run() {
    setRunning(true);
    for (const { groupId, userId } of waiting) await approveMember.mutateAsync({ groupId, userId }).catch(() => null);
    setRunning(false);
  }
  return (
    <Button size="sm" look="primary" busy={running} onClick={() => void run()}>
      {t('groups.member.approveAll', { count: waiting.length })}
    </Button>
  );
}

/** Who belongs to the group, who waits to, and as what. */
export function MembersTab() {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const group = useGroup();
  const [query, setQuery] = useState('');
  const members = useQuery(trpc.groups.members.queryOptions({ groupId: group.id }));
  function fits({ username, fullName }: Member) {
    return `${username} ${fullName ?? ''}`.toLowerCase().includes(query.trim().toLowerCase());
  }
  function waitingFirst(a: Member, b: Member) {
    return Number(b.status === 'pending') - Number(a.status === 'pending');
  }
  const shown = members.data?.filter(fits).toSorted(waitingFirst);
  return (
    <div className="flex max-w-4xl flex-col gap-4">
      {group.can.members && <AddMember members={members.data ?? []} />}
      <Card
        flush
        title={t('groups.members')}
        actions={
          <>
            <ApproveAll members={members.data ?? []} />
            <Leave />
          </>
        }
      >
        {(members.data?.length ?? 0) > 8 && (
          <div className="border-b border-line px-4 py-3">
            <SearchInput className="w-full sm:w-64" label={t('common.searchUsers')} value={query} onChange={setQuery} />
          </div>
        )}
        {members.isPending && <SkeletonRows rows={4} />}
        {members.isError && !members.data && (
          <div className="p-4">
            <LoadFailed title={t('common.usersFailed')} error={members.error} onRetry={() => void members.refetch()} />
          </div>
        )}
        {shown?.length === 0 && (
          <Empty icon={<Users />} title={t(query === '' ? 'groups.member.none' : 'common.noUserFits')} />
        )}
        <ul aria-label={t('groups.members')}>
          {shown?.map((member) => (
            <MemberRow key={member.userId} member={member} />
          ))}
        </ul>
      </Card>
    </div>
  );
}
