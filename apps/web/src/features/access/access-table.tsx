import { useTranslation } from 'react-i18next';
import { Badge, type Tone } from '../../ui/feedback/badge.tsx';
import type { RightInWords } from './use-rights-in-words.ts';

const tones: Readonly<Record<RightInWords['kind'], Tone>> = { read: 'neutral', execute: 'accent', manage: 'warn' };
const wide = 'hidden @3xl:table-cell';
const head = 'h-10 px-3 text-xs font-medium whitespace-nowrap text-ink-3 first:pl-4 last:pr-4';
const cell = 'px-3 py-2 align-top text-sm text-ink-2 first:pl-4 last:pr-4';

function Who({ of: { who, orWho } }: { of: RightInWords }) {
  return (
    <>
      {who}
      {orWho !== null && <span className="block text-xs text-ink-3">{orWho}</span>}
    </>
  );
}

/** The same as the other columns, where there is no room for them. */
function Below({ of: right }: { of: RightInWords }) {
  const { t } = useTranslation();
  return (
    <dl className="mt-1.5 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 @3xl:hidden">
      <dt className="text-ink-3">{t('access.who')}</dt>
      <dd>
        <Who of={right} />
      </dd>
      <dt className="text-ink-3">{t('access.at')}</dt>
      <dd>{right.at}</dd>
      <dt className="text-ink-3">{t('access.keys')}</dt>
      <dd>{right.keys}</dd>
    </dl>
  );
}

function Row({ of: right }: { of: RightInWords }) {
  return (
    <tr className="border-b border-line last:border-b-0">
      <td className={cell}>
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <code className="font-mono text-sm break-all text-ink">{right.action}</code>
          <Badge tone={tones[right.kind]}>{right.kindWord}</Badge>
        </span>
        <Below of={right} />
      </td>
      <td className={`${cell} ${wide}`}>
        <Who of={right} />
      </td>
      <td className={`${cell} ${wide}`}>{right.at}</td>
      <td className={`${cell} ${wide}`}>{right.keys}</td>
    </tr>
  );
}

/** Rights under the kind of object that they are about. */
export function AccessTable({ rights }: { rights: readonly RightInWords[] }) {
  const { t } = useTranslation();
  return (
    <div className="@container">
      <table aria-label={t('common.accessTable')} className="w-full border-collapse text-left">
        <thead>
          <tr className="border-b border-line">
            <th scope="col" className={head}>
              {t('access.action')}
            </th>
            <th scope="col" className={`${head} ${wide}`}>
              {t('access.who')}
            </th>
            <th scope="col" className={`${head} ${wide}`}>
              {t('access.at')}
            </th>
            <th scope="col" className={`${head} ${wide}`}>
              {t('access.keys')}
            </th>
          </tr>
        </thead>
        {[...Map.groupBy(rights, ({ family }) => family)].map(([family, members]) => (
          <tbody key={family} className="border-b border-line last:border-b-0">
            <tr className="border-b border-line bg-sunken">
              <th scope="rowgroup" colSpan={4} className="px-4 py-1.5 text-sm font-semibold">
                {family}
              </th>
            </tr>
            {members.map((right) => (
              <Row key={right.action} of={right} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}
