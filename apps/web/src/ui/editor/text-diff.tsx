import { useTranslation } from 'react-i18next';
import type { StackDiff } from '../../lib/api-types.ts';
import { cx } from '../class-names.ts';
import { ScrollRegion } from '../layout/scroll-region.tsx';

type Diff = StackDiff['content'];
type Line = Diff['lines'][number];

const looks = {
  same: { sign: ' ', tag: 'span', className: '' },
  add: { sign: '+', tag: 'ins', className: 'bg-ok-soft' },
  remove: { sign: '−', tag: 'del', className: 'bg-bad-soft' },
} as const;

function DiffRow({ line }: { line: Line }) {
  const { t } = useTranslation();
  if (line.type === 'skip') {
    return (
      <li className="bg-sunken px-3 py-0.5 font-sans text-ink-3">{t('versions.skipped', { count: line.count })}</li>
    );
  }
  const { sign, tag: Tag, className } = looks[line.type];
  return (
    <li className={cx('grid grid-cols-[1rem_minmax(0,1fr)] px-3', className)}>
      <span aria-hidden className="select-none text-ink-3">
        {sign}
      </span>
      <Tag className="break-words whitespace-pre-wrap no-underline">{line.text === '' ? ' ' : line.text}</Tag>
    </li>
  );
}

/** Without the empty line that a text's last line end makes. */
function shownLines(lines: readonly Line[]): readonly Line[] {
  const last = lines.at(-1);
  return last?.type === 'same' && last.text === '' ? lines.slice(0, -1) : lines;
}

/** What became of a text: its changed lines with what stands around them. */
export function TextDiff({ name, diff }: { name: string; diff: Diff }) {
  const { t } = useTranslation();
  return (
    <section aria-label={name}>
      <h3 className="mb-1.5 flex flex-wrap items-baseline gap-x-3 text-sm font-medium">
        {name}
        <span className="font-mono text-xs font-normal tabular">
          <span className="text-ok">+{diff.added}</span> <span className="text-bad">−{diff.removed}</span>
        </span>
      </h3>
      {diff.lines.length === 0 ? (
        <p className="text-sm text-ink-3">{t('versions.same')}</p>
      ) : (
        <ScrollRegion
          label={t('versions.diffOf', { name })}
          className="max-h-[32rem] rounded-md border border-line bg-surface py-1 font-mono text-xs/5"
        >
          <ol>
            {shownLines(diff.lines).map((line, index) => (
              <DiffRow key={index} line={line} />
            ))}
          </ol>
          {diff.isCut && <p className="px-3 py-1 font-sans text-ink-3">{t('versions.cut')}</p>}
        </ScrollRegion>
      )}
    </section>
  );
}
