import { Plus, Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from './button.tsx';
import { Input } from './input.tsx';

export interface Pair {
  name: string;
  value: string;
}

export function toPairs(record: Readonly<Record<string, string>>): Pair[] {
  return Object.entries(record).map(([name, value]) => ({ name, value }));
}

export function fromPairs(pairs: readonly Pair[]): Record<string, string> {
  return Object.fromEntries(
    pairs.filter((pair) => pair.name.trim() !== '').map((pair) => [pair.name.trim(), pair.value]),
  );
}

interface PairsEditorProps {
  legend: string;
  hint?: ReactNode;
  error?: string | null;
  namePlaceholder: string;
  pairs: readonly Pair[];
  onChange: (pairs: Pair[]) => void;
  /** Gets the stored value where it is masked. */
  onReveal?: ((name: string) => Promise<string>) | undefined;
}

const mask = '***';

/** Names and values, such as environment variables or headers. A stored value stays hidden until asked for. */
export function PairsEditor({ legend, hint, error, namePlaceholder, pairs, onChange, onReveal }: PairsEditorProps) {
  const { t } = useTranslation();
  const [revealing, setRevealing] = useState<string | null>(null);
  function set(index: number, change: Partial<Pair>) {
    onChange(pairs.map((pair, each) => (each === index ? { ...pair, ...change } : pair)));
  }
  function reveal(index: number, name: string) {
    setRevealing(name);
    void onReveal?.(name)
      .then((value) => set(index, { value }))
      .finally(() => setRevealing(null));
  }
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">{legend}</legend>
      {pairs.map((pair, index) => (
        <div key={index} className="flex flex-wrap items-center gap-2 sm:flex-nowrap">
          <Input
            mono
            className="sm:w-2/5"
            aria-label={t('pairs.name', { number: index + 1 })}
            placeholder={namePlaceholder}
            value={pair.name}
            onChange={(event) => set(index, { name: event.target.value })}
          />
          <div className="flex min-w-0 flex-1 items-center gap-1">
            <Input
              mono
              aria-label={t('pairs.valueOf', { name: pair.name || index + 1 })}
              placeholder={t('pairs.value')}
              value={pair.value}
              onChange={(event) => set(index, { value: event.target.value })}
            />
            {onReveal && pair.value === mask && (
              <Button size="sm" className="h-9" busy={revealing === pair.name} onClick={() => reveal(index, pair.name)}>
                {t('pairs.reveal')}
              </Button>
            )}
            <IconButton
              label={t('schema.remove', { name: pair.name || t('pairs.entry', { number: index + 1 }) })}
              onClick={() => onChange(pairs.filter((_, each) => each !== index))}
            >
              <Trash2 aria-hidden className="size-4" />
            </IconButton>
          </div>
        </div>
      ))}
      <div>
        <Button
          size="sm"
          icon={<Plus aria-hidden className="size-3.5" />}
          onClick={() => onChange([...pairs, { name: '', value: '' }])}
        >
          {t('pairs.add')}
        </Button>
      </div>
      {hint !== undefined && <p className="text-xs text-ink-3">{hint}</p>}
      {error !== undefined && error !== null && <p className="text-xs font-medium text-bad">{error}</p>}
    </fieldset>
  );
}
