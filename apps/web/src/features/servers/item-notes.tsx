import { useTranslation } from 'react-i18next';
import type { ServerItems } from '../../lib/api-types.ts';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';

type Note = ServerItems['notes'][number];

function toneOf({ effect }: Note) {
  return effect === 'changed' ? 'neutral' : 'warn';
}

/** What the hub did about odd definitions of a server, each with its reason. */
export function ItemNotes({ notes }: { notes: readonly Note[] }) {
  const { t } = useTranslation();
  if (notes.length === 0) return null;
  return (
    <Disclosure boxed title={t('servers.notes.title', { count: notes.length })}>
      <p className="mb-3 max-w-3xl text-sm text-ink-3">{t('servers.notes.hint')}</p>
      <ul className="flex flex-col gap-2">
        {notes.map((note, index) => (
          // The same may be said of two items without a name.
          <li key={index} className="flex flex-wrap items-baseline gap-x-2 gap-y-1 text-sm">
            <Badge tone={toneOf(note)}>{t(`servers.notes.effect.${note.effect}`)}</Badge>
            <span className="font-medium break-all">
              {t(`servers.notes.about.${note.type}`, { name: note.name ?? t('servers.notes.unnamed') })}
            </span>
            <span className="break-words text-ink-2">
              {t(`servers.notes.reason.${note.reason}`, { detail: note.detail ?? '' })}
            </span>
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}

/** The gravest of what was done to one item, in a word; the reasons when pointed at. */
export function ItemNoteBadge({ notes }: { notes: readonly Note[] }) {
  const { t } = useTranslation();
  const [note] = notes.toSorted((a, b) => Number(a.effect === 'changed') - Number(b.effect === 'changed'));
  if (note === undefined) return null;
  const reasons = notes.map(({ reason, detail }) => t(`servers.notes.reason.${reason}`, { detail: detail ?? '' }));
  return (
    <span title={reasons.join('\n')}>
      <Badge tone={toneOf(note)}>{t(`servers.notes.effect.${note.effect}`)}</Badge>
    </span>
  );
}
