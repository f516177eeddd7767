import { useTranslation } from 'react-i18next';
import type { Server } from '../../lib/api-types.ts';
import { joinArgs } from '../../lib/command-line.ts';
import { useInstance } from '../../lib/use-instance.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Card, Fact, Facts } from '../../ui/layout/card.tsx';
import { CopyText } from '../../ui/text/copy.tsx';
import { Time } from '../../ui/text/time.tsx';
import { WebLink } from '../../ui/text/web-link.tsx';

function word(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function OwnerFacts({ server: { can, createdAt, createdBy, ownerName, visibility } }: { server: Server }) {
  const { t } = useTranslation();
  const { me } = useInstance();
  // The bare id of somebody else is told to nobody but who can do something with it.
  const other = ownerName ?? (can.configure ? createdBy : null);
  const owner = createdBy !== null && createdBy === me?.user?.id ? t('servers.visibility.you') : other;
  return (
    <>
      <Fact name={t('servers.visibility.label')}>{t(`servers.visibility.name.${visibility}`)}</Fact>
      {owner !== null && <Fact name={t('servers.visibility.owner')}>{owner}</Fact>}
      <Fact name={t('servers.detail.created')}>
        <Time value={createdAt} />
      </Fact>
    </>
  );
}

/** What people wrote about it. */
function AboutFacts({ server: { description, docsUrl } }: { server: Server }) {
  const { t } = useTranslation();
  return (
    <>
      {description !== '' && <Fact name={t('common.description')}>{description}</Fact>}
      {docsUrl !== null && (
        <Fact name={t('servers.form.docsUrl')}>
          <WebLink address={docsUrl} />
        </Fact>
      )}
    </>
  );
}

/** What a server is, and whose. */
export function IdentityCard({ server }: { server: Server }) {
  const { t } = useTranslation();
  const info = server.status.serverInfo;
  const name = word(info?.['title']) ?? word(info?.['name']);
  const version = word(info?.['version']);
  const commandLine = server.command === null ? null : joinArgs([server.command, ...server.args]);
  return (
    <Card title={t('servers.detail.identity')}>
      <Facts>
        <AboutFacts server={server} />
        <Fact name={t('servers.kind')}>
          <Badge mono>{server.kind}</Badge>
        </Fact>
        {commandLine !== null && (
          <Fact name={t('servers.form.command')}>
            <CopyText text={commandLine} />
          </Fact>
        )}
        {server.container !== null && (
          <Fact name={t('servers.container.image')}>
            <CopyText text={server.container.image} />
          </Fact>
        )}
        {server.container !== null && (
          <Fact name={t('servers.container.network')}>
            {t(`servers.container.networkName.${server.container.network.kind}`)}
          </Fact>
        )}
        {server.url !== null && (
          <Fact name={t('servers.form.url')}>
            <CopyText text={server.url} />
          </Fact>
        )}
        {name !== null && (
          <Fact name={t('servers.detail.serverInfo')}>
            {name} {version !== null && <span className="font-mono text-sm text-ink-3">{version}</span>}
          </Fact>
        )}
        <Fact name={t('servers.detail.protocol')}>
          {server.status.protocolVersion === null ? (
            <span className="text-ink-3">–</span>
          ) : (
            <code className="font-mono text-sm">{server.status.protocolVersion}</code>
          )}
        </Fact>
        <Fact name={t('servers.limits.isolation')}>{t(`servers.limits.isolationName.${server.isolation}`)}</Fact>
        {server.tags.length > 0 && (
          <Fact name={t('servers.form.tags')}>
            <span className="flex flex-wrap gap-1">
              {server.tags.map((tag) => (
                <Badge key={tag}>{tag}</Badge>
              ))}
            </span>
          </Fact>
        )}
        <OwnerFacts server={server} />
      </Facts>
    </Card>
  );
}
