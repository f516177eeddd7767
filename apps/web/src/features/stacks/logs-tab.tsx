import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { toPlainText } from '../../lib/output-lines.ts';
import { useTRPCClient, type Outputs } from '../../lib/trpc.ts';
import { useOutput } from '../../lib/use-output.ts';
import { SearchInput, Select } from '../../ui/form/input.tsx';
import { OutputLog } from '../../ui/output/output-log.tsx';
import { CopyButton } from '../../ui/text/copy.tsx';
import { useStackPage } from './stack-context.ts';

type Line = Outputs['stacks']['logs']['lines'][number];

/** What the services of the stack write, each line with its service. */
export function StackLogsTab() {
  const { t } = useTranslation();
  const api = useTRPCClient();
  const { stack } = useStackPage();
  const { service, q = '' } = useSearch({ from: '/engine/stacks/$id/logs' });
  const navigate = useNavigate({ from: '/stacks/$id/logs' });
  const started = stack.services.flatMap(({ containers }) => containers.map(({ id, startedAt }) => [id, startedAt]));
  // It ends with its containers, so it is followed anew when others came.
  const { lines, settled, failure } = useOutput<Line>(
    JSON.stringify([stack.id, service, started]),
    (on) =>
      api.stacks.followLogs.subscribe({ id: stack.id, tail: 500, ...(service === undefined ? {} : { service }) }, on),
    (line) => line.container.replace(`${stack.project}-`, ''),
  );
  const shown = useMemo(
    () => (q === '' ? lines : lines.filter(({ text }) => text.toLowerCase().includes(q.toLowerCase()))),
    [lines, q],
  );
  function change(next: { service?: string | undefined; q?: string | undefined }) {
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  }
  return (
    <OutputLog
      label={t('logs.of', { name: stack.project })}
      lines={shown}
      loading={!settled}
      failure={failure}
      times
      empty={q === '' ? { title: t('logs.none'), hint: t('stacks.noLogsHint') } : { title: t('logs.noMatch') }}
      bar={
        <>
          <SearchInput
            className="w-full sm:w-64"
            label={t('logs.search')}
            value={q}
            onChange={(value) => change({ q: value || undefined })}
          />
          <Select
            compact
            aria-label={t('stacks.service')}
            value={service ?? ''}
            onChange={(event) => change({ service: event.target.value || undefined })}
          >
            <option value="">{t('stacks.allServices')}</option>
            {stack.services.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
          <div className="ml-auto">
            <CopyButton text={toPlainText(shown)} />
          </div>
        </>
      }
    />
  );
}
