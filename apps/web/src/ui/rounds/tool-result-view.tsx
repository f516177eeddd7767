import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '../../lib/format.ts';
import { Segmented } from '../form/segmented.tsx';
import { ScrollRegion } from '../layout/scroll-region.tsx';
import { Code, Json } from '../text/code.tsx';
import { readResult, tableOf, type Table } from './tool-result.ts';
import type { CallResult } from './types.ts';

function ResultTable({ table: { columns, rows, more } }: { table: Table }) {
  const { t, i18n } = useTranslation();
  return (
    <ScrollRegion label={t('round.tool.table')} className="max-h-96 rounded-md border border-line">
      <table className="w-full text-left text-sm">
        <thead className="sticky top-0 bg-sunken">
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col" className="px-3 py-1.5 font-medium whitespace-nowrap">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index} className="border-t border-line">
              {row.map((cell, at) => (
                <td key={at} className="px-3 py-1.5 align-top break-words">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && (
        <p className="border-t border-line px-3 py-1.5 text-xs text-ink-3">
          {t('round.tool.moreRows', { count: more, shown: count(more, i18n.language) })}
        </p>
      )}
    </ScrollRegion>
  );
}

/** What a tool answered. All of it was written by the server and is shown as data. */
export function ToolResult({ result }: { result: CallResult }) {
  const { t } = useTranslation();
  const read = useMemo(() => readResult(result), [result]);
  const table = useMemo(() => tableOf(read.json), [read]);
  const [view, setView] = useState<'table' | 'json'>('table');
  return (
    <div className="flex flex-col gap-2">
      {table && (
        <Segmented
          small
          label={t('round.tool.view')}
          value={view}
          onChange={setView}
          options={[
            { value: 'table', label: t('round.tool.table') },
            { value: 'json', label: 'JSON' },
          ]}
        />
      )}
      {table && view === 'table' ? (
        <ResultTable table={table} />
      ) : read.json !== undefined ? (
        <Json value={read.json} label={t('round.tool.result')} />
      ) : read.text.trim() === '' && read.images.length === 0 ? (
        <p className="text-sm text-ink-3">{t('round.tool.nothing')}</p>
      ) : (
        read.text.trim() !== '' && <Code wrap label={t('round.tool.result')} text={read.text} />
      )}
      {read.images.map((url, index) => (
        <img
          key={index}
          src={url}
          alt={t('round.tool.image')}
          className="max-h-[28rem] max-w-full self-start rounded-md border border-line bg-sunken"
        />
      ))}
    </div>
  );
}
