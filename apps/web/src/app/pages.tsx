/** Pages made of parts of several features, which do not know each other. */
import { useNavigate } from '@tanstack/react-router';
import { AccountPage } from '../features/account/account-page.tsx';
import { JobsCard } from '../features/jobs/jobs-card.tsx';
import { MyKeys } from '../features/keys/my-keys.tsx';
import { GrantsCard } from '../features/oauth/grants-card.tsx';
import { MachinesCard } from '../features/oauth/machines-card.tsx';
import { OverviewPage } from '../features/overview/overview-page.tsx';
import { TwoDoors } from '../features/servers/two-doors.tsx';
import { SettingsPage } from '../features/settings/settings-page.tsx';

export function Overview() {
  const navigate = useNavigate();
  return <OverviewPage doors={<TwoDoors />} onCall={(id) => void navigate({ to: '/calls', search: { call: id } })} />;
}

export function Account() {
  return (
    <AccountPage
      programs={<GrantsCard />}
      keys={
        <>
          <MyKeys />
          <MachinesCard />
        </>
      }
    />
  );
}

export function Settings() {
  return <SettingsPage jobs={<JobsCard />} />;
}
