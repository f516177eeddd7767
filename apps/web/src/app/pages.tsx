/** Pages made of parts of several features, which do not know each other. */
import { useNavigate } from '@tanstack/react-router';
import { AccountPage } from '../features/account/account-page.tsx';
import { ServerCalls as CallsOfServer } from '../features/calls/server-calls.tsx';
import { GroupConnect as ConnectToGroup } from '../features/connect/group-connect.tsx';
import { ServerConnect as ConnectToServer } from '../features/connect/server-connect.tsx';
import { useGroup } from '../features/groups/group-context.ts';
import { JobsCard } from '../features/jobs/jobs-card.tsx';
import { MyKeys } from '../features/keys/my-keys.tsx';
import { OverviewPage } from '../features/overview/overview-page.tsx';
import { useServer } from '../features/servers/server-context.ts';
import { TwoDoors } from '../features/servers/two-doors.tsx';
import { SettingsPage } from '../features/settings/settings-page.tsx';

export function Overview() {
  const navigate = useNavigate();
  return <OverviewPage doors={<TwoDoors />} onCall={(id) => void navigate({ to: '/calls', search: { call: id } })} />;
}

export function ServerCalls() {
  return <CallsOfServer serverId={useServer().id} />;
}

export function ServerConnect() {
  return <ConnectToServer server={useServer()} />;
}

export function Account() {
  return <AccountPage keys={<MyKeys />} />;
}

export function Settings() {
  return <SettingsPage jobs={<JobsCard />} />;
}

export function GroupConnect() {
  const { id, displayName } = useGroup();
  return <ConnectToGroup group={{ id, name: displayName }} />;
}
