import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useEngineName } from '../../lib/engine-search.ts';
import { saveAs } from '../../lib/files.ts';
import { toPlainText } from '../../lib/output-lines.ts';
import { useTRPCClient, type Outputs } from '../../lib/trpc.ts';
import { useOutput } from '../../lib/use-output.ts';
import { useSettled } from '../../lib/use-settled.ts';
import { Button } from '../../ui/form/button.tsx';
import { SearchInput, Select } from '../../ui/form/input.tsx';
import { Segmented } from '../../ui/form/segmented.tsx';
import { OutputLog } from '../../ui/output/output-log.tsx';
import { CopyButton } from '../../ui/text/copy.tsx';
import { useContainer } from './container-context.ts';
import { ContainerLogsSearch, spans, tails } from './search.ts';

type Line = Outputs['containers']['logs']['lines'][number];

const spanMs = { '5m': 300_000, '1h': 3_600_000, '24h': 86_400_000 };

function useLines(search: ContainerLogsSearchType) {
  const api = useTRPCClient();
  const engine = useEngineName();
  const { id, startedAt } = useContainer();
  const { q = '', stream, tail = '500', since } = search;
  const wanted = useSettled(q, 250).trim();
  // It ends with the container, so it is followed anew when the container was started again.
  return useOutput<Line>(
    JSON.stringify([engine, id, startedAt, wanted, stream, tail, since]),
    (on) =>
      api.containers.followLogs.subscribe(
        {
          engine,
          id,
          tail: Number(tail),
          stdout: stream !== 'stderr',
          stderr: stream !== 'stdout',
          ...(since === undefined ? {} : { since: new Date(Date.now() - spanMs[since]).toISOString() }),
          ...(wanted === '' ? {} : { search: wanted }),
        },
        on,
      ),
    () => null,
  );
}

type ContainerLogsSearchType = ReturnType<typeof ContainerLogsSearch.parse>;

/** What the container writes, as it writes it. */
export function LogsTab() {
  const { t } = useTranslation();
  const search = useSearch({ from: '/engine/containers/$id/logs' });
  const navigate = useNavigate({ from: '/containers/$id/logs' });
  const { name } = useContainer();
  const { lines, settled, failure } = useLines(search);
  function change(next: Record<string, string | undefined>) {
    void navigate({
      search: (old) => ({ ...old, ...ContainerLogsSearch.partial().parse({ ...old, ...next }) }),
      replace: true,
    });
  }
  const { q = '', stream, tail = '500', since } = search;
  const searched = q !== '' || since !== undefined || stream !== undefined;
  return (
    <OutputLog
      label={t('logs.of', { name })}
      lines={lines}
      loading={!settled}
      failure={failure}
      times
      empty={searched ? { title: t('logs.noMatch') } : { title: t('logs.none'), hint: t('containers.noLogsHint') }}
      bar={
        <>
          <SearchInput
            className="w-full sm:w-56"
            label={t('logs.search')}
            value={q}
            onChange={(value) => change({ q: value || undefined })}
          />
          <Segmented
            small
            label={t('containers.streams')}
            value={stream ?? 'both'}
            onChange={(value) => change({ stream: value === 'both' ? undefined : value })}
            options={[
              { value: 'both', label: t('containers.both') },
              { value: 'stdout', label: 'stdout' },
              { value: 'stderr', label: 'stderr' },
            ]}
          />
          <Select
            compact
            aria-label={t('containers.tail')}
            value={tail}
            onChange={(event) => change({ tail: event.target.value })}
          >
            {tails.map((each) => (
              <option key={each} value={each}>
                {t('containers.lastLines', { count: Number(each) })}
              </option>
            ))}
          </Select>
          <Select
            compact
            aria-label={t('containers.since')}
            value={since ?? ''}
            onChange={(event) => change({ since: event.target.value || undefined })}
          >
            <option value="">{t('containers.anyTime')}</option>
            {spans.map((each) => (
              <option key={each} value={each}>
                {t(`containers.span.${each}`)}
              </option>
            ))}
          </Select>
          <div className="ml-auto flex gap-2">
            <CopyButton text={toPlainText(lines)} />
            <Button
              size="sm"
              icon={<Download aria-hidden className="size-3.5" />}
              onClick={() => saveAs(`${name}.log`, `${toPlainText(lines)}\n`)}
            >
              {t('containers.download')}
            </Button>
          </div>
        </>
      }
    />
  );
}
