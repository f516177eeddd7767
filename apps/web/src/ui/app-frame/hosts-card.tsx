import { useTranslation } from 'react-i18next';
import { Callout } from '../feedback/callout.tsx';
import { Button } from '../form/button.tsx';
import type { OpenedFrame } from './use-opened.ts';

/** Hosts of the network that an app wants, which stay closed until the person opens them. */
export function HostsCard({ frame, onAllow }: { frame: OpenedFrame; onAllow: (sources: string[]) => void }) {
  const { t } = useTranslation();
  return (
    <Callout
      title={t('appFrame.wantsHosts')}
      actions={
        <Button size="sm" onClick={() => onAllow(frame.hosts.map(({ source }) => source))}>
          {t('appFrame.allowHosts')}
        </Button>
      }
    >
      <ul className="my-1 flex flex-col gap-0.5">
        {frame.hosts.map(({ source, uses }) => (
          <li key={source}>
            <code className="font-mono break-all">{source}</code> (
            {uses.map((use) => t(`appFrame.use.${use}`)).join(', ')})
          </li>
        ))}
      </ul>
      {t('appFrame.hostsHint')}
    </Callout>
  );
}
