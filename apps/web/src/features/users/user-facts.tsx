import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { User } from '../../lib/api-types.ts';
import { deviceName } from '../../lib/device-name.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { Card, Fact, Facts } from '../../ui/layout/card.tsx';
import { Time } from '../../ui/text/time.tsx';

/** What an account did lately, and where it is signed in. */
export function UserFacts({ user }: { user: User }) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const sessions = useQuery(trpc.users.sessions.queryOptions({ userId: user.id }));
  return (
    <Card title={t('users.facts')}>
      <Facts>
        <Fact name={t('common.created')}>
          <Time value={user.createdAt} />
        </Fact>
        <Fact name={t('common.lastLogin')}>
          <Time value={user.lastLoginAt} none={t('common.never')} />
        </Fact>
        <Fact name={t('mfa.title')}>{t(user.mfaEnabled ? 'mfa.on' : 'mfa.off')}</Fact>
        {Object.entries(user.profile).map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
        <Fact name={t('devices.title')}>
          {sessions.data?.length === 0 && <span className="text-ink-3">{t('users.devices.none')}</span>}
          <ul className="flex flex-col gap-1">
            {sessions.data?.map((session) => (
              <li key={session.id}>
                {deviceName(session.userAgent) ?? t('devices.unknown')}
                <span className="text-sm text-ink-3">
                  {' · '}
                  <Time value={session.lastSeenAt} />
                </span>
              </li>
            ))}
          </ul>
        </Fact>
      </Facts>
    </Card>
  );
}
