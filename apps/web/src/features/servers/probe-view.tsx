import { useTranslation } from 'react-i18next';
import type { ProbeResult } from '../../lib/api-types.ts';
import { clockTime, duration } from '../../lib/format.ts';
import { hintOf, tellReason } from '../../lib/reasons.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';
import { ScrollRegion } from '../../ui/layout/scroll-region.tsx';

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function ProbeLogs({ logs }: { logs: ProbeResult['logs'] }) {
  const { t } = useTranslation();
  if (logs.length === 0) return null;
  return (
    <div className="mt-3">
      <Disclosure open title={t('servers.probe.logs')}>
        <ScrollRegion label={t('servers.probe.logs')} className="max-h-56 rounded-md border border-line bg-sunken p-3">
          <pre className="font-mono text-xs break-words whitespace-pre-wrap text-ink-2">
            {logs.map((line) => `${clockTime(line.time)} ${line.level.padEnd(5)} ${line.message}`).join('\n')}
          </pre>
        </ScrollRegion>
      </Disclosure>
    </div>
  );
}

/** What a test found: the tools on offer, or why it failed and what the server said. */
export function ProbeView({ result }: { result: ProbeResult }) {
  const { t, i18n } = useTranslation();
  const took = duration(result.durationMs, i18n.language);
  if (!result.ok) {
    const hint = result.needsSignIn ? null : hintOf(result.errorReason, t);
    return (
      <Callout
        alert
        tone={result.needsSignIn ? 'warn' : 'bad'}
        title={result.needsSignIn ? t('servers.probe.needsSignIn') : t('servers.probe.failed', { took })}
      >
        <p className="font-mono break-words">
          {result.error !== null && tellReason(result.errorReason, result.error, t)}
        </p>
        {hint !== null && <p className="mt-2">{hint}</p>}
        <p className="mt-2">{result.needsSignIn ? t('servers.probe.signInHint') : t('servers.probe.failedHint')}</p>
        <ProbeLogs logs={result.logs} />
      </Callout>
    );
  }
  const { catalog } = result;
  const name = text(catalog.serverInfo['title']) || text(catalog.serverInfo['name']);
  return (
    <Callout alert tone="ok" title={t('servers.probe.ok', { name, took })}>
      <p>
        {t('servers.probe.found', {
          tools: catalog.tools.length,
          prompts: catalog.prompts.length,
          resources: catalog.resources.length + catalog.resourceTemplates.length,
          version: catalog.protocolVersion,
        })}
      </p>
      <ul className="mt-2 flex max-h-40 flex-wrap gap-1.5 overflow-y-auto scroll-thin">
        {catalog.tools.map((tool, index) => (
          <li key={index}>
            <Badge mono>{text(tool['name'])}</Badge>
          </li>
        ))}
      </ul>
    </Callout>
  );
}
