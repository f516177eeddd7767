import { useTranslation } from 'react-i18next';
import type { ImportEntry } from '../../lib/api-types.ts';
import { tellReason } from '../../lib/reasons.ts';
import { Badge, type Tone } from '../../ui/feedback/badge.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Checkbox, Input } from '../../ui/form/input.tsx';

const tones: Record<ImportEntry['action'], Tone> = { create: 'ok', replace: 'warn', skip: 'neutral', error: 'bad' };

interface ImportEntriesProps {
  entries: readonly ImportEntry[];
  /** Names the person left out. */
  left: ReadonlySet<string>;
  onToggle: (name: string, taken: boolean) => void;
  /** Ids the person chose, by the entry's name. */
  ids: Readonly<Record<string, string>>;
  onId: (name: string, id: string) => void;
}

/** What stands in the way of an entry, and what it still needs. */
function EntryNotes({ entry }: { entry: ImportEntry }) {
  const { t } = useTranslation();
  const asked = entry.missing.filter((name) => name.startsWith('input:')).map((name) => name.slice('input:'.length));
  const missing = entry.missing.filter((name) => !name.startsWith('input:'));
  return (
    <>
      {entry.reason !== null && (
        <p className="text-sm break-words text-ink-2">{tellReason(entry.why, entry.reason, t)}</p>
      )}
      {entry.disabled && entry.action === 'create' && (
        <p className="text-sm text-ink-2">{t('servers.import.disabled')}</p>
      )}
      {entry.disabled && entry.action === 'replace' && (
        <p className="text-sm text-ink-2">{t('servers.import.disabledReplace')}</p>
      )}
      {entry.docker && entry.kind !== 'container' && <p className="text-sm text-ink-3">{t('servers.import.docker')}</p>}
      {asked.length > 0 && (
        <p className="text-sm break-words text-warn">{t('servers.import.notGiven', { names: asked.join(', ') })}</p>
      )}
      {missing.length > 0 && (
        <p className="text-sm break-words text-warn">{t('servers.import.missing', { names: missing.join(', ') })}</p>
      )}
      {entry.envFile !== null && (
        <p className="text-sm break-words text-warn">{t('servers.import.envFile', { file: entry.envFile })}</p>
      )}
      {entry.tools.only !== null && (
        <p className="text-sm break-words text-ink-2">
          {t('servers.import.toolsOnly', { count: entry.tools.only.length, names: entry.tools.only.join(', ') })}
        </p>
      )}
      {entry.tools.off.length > 0 && (
        <p className="text-sm break-words text-ink-2">
          {t('servers.import.toolsOff', { names: entry.tools.off.join(', ') })}
        </p>
      )}
      {entry.ignored.length > 0 && (
        <p className="text-sm break-words text-warn">
          {t('servers.import.ignored', { keys: entry.ignored.join(', ') })}
        </p>
      )}
      {entry.literal.length > 0 && (
        <p className="text-sm break-words text-warn">
          {t('servers.import.literal', { places: entry.literal.join(', ') })}
        </p>
      )}
    </>
  );
}

/** What an import would do, entry by entry. */
export function ImportEntries({ entries, left, onToggle, ids, onId }: ImportEntriesProps) {
  const { t } = useTranslation();
  if (entries.length === 0) return <p className="p-4 text-ink-3">{t('servers.import.noEntries')}</p>;
  return (
    <ul>
      {entries.map((entry, index) => {
        const usable = entry.action === 'create' || entry.action === 'replace';
        const chosen = ids[entry.name];
        return (
          // A name may stand twice in a config.
          <li key={index} className="flex items-start gap-3 border-b border-line px-4 py-3 last:border-0">
            <Checkbox
              className="mt-1"
              aria-label={t('servers.import.take', { name: entry.name })}
              disabled={!usable}
              checked={usable && !left.has(entry.name)}
              onChange={(event) => onToggle(entry.name, event.target.checked)}
            />
            <div className="min-w-0 flex-1">
              <div className="flex flex-wrap items-center gap-2">
                <span className="font-medium break-words">{entry.name}</span>
                {entry.id !== null && entry.id !== entry.name && (
                  <code className="font-mono text-xs text-ink-3">→ {entry.id}</code>
                )}
                {entry.kind !== null && <Badge mono>{entry.kind}</Badge>}
              </div>
              <EntryNotes entry={entry} />
              {(entry.taken || chosen !== undefined) && (
                <Field label={t('servers.import.otherId', { name: entry.name })} className="mt-2 max-w-64">
                  <Input
                    mono
                    value={chosen ?? ''}
                    placeholder={entry.id === null ? '' : `${entry.id}-2`}
                    onChange={(event) => onId(entry.name, event.target.value)}
                  />
                </Field>
              )}
            </div>
            <Badge tone={tones[entry.action]}>{t(`servers.import.action.${entry.action}`)}</Badge>
          </li>
        );
      })}
    </ul>
  );
}
