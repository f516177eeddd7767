import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { LoadFailed } from '../../ui/feedback/load-failed.tsx';
import { Skeleton } from '../../ui/feedback/skeleton.tsx';
import { Page } from '../../ui/layout/page.tsx';
import { DevicesCard } from './devices-card.tsx';
import { PasswordCard } from './password-card.tsx';
import { ProfileCard } from './profile-card.tsx';
import { SecondFactorCard } from './second-factor-card.tsx';

/** Everything of one's own: who one is, how one signs in, and where one is signed in. */
export function AccountPage({ programs, keys }: { programs: ReactNode; keys: ReactNode }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { me } = useInstance();
  const open = me?.authMode === 'open';
  const account = useQuery(trpc.account.get.queryOptions(undefined, { enabled: me !== undefined && !open }));
  return (
    <Page title={t('common.account')} lead={t('account.lead')}>
      {open && <Callout title={t('shell.openMode')}>{t('account.openHint')}</Callout>}
      {!open && account.isError && !account.data && (
        <LoadFailed title={t('account.loadFailed')} error={account.error} onRetry={() => void account.refetch()} />
      )}
      {!open && account.isPending && (
        <div className="grid gap-4 lg:grid-cols-2">
          <Skeleton className="h-72 rounded-lg" />
          <Skeleton className="h-72 rounded-lg" />
        </div>
      )}
      {account.data && (
        <div className="flex flex-col gap-4">
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <ProfileCard key={account.data.id} user={account.data} />
            <div className="flex flex-col gap-4">
              <SecondFactorCard enabled={account.data.mfaEnabled} />
              <PasswordCard username={account.data.username} />
            </div>
          </div>
          <DevicesCard />
          {programs}
          {keys}
        </div>
      )}
    </Page>
  );
}
