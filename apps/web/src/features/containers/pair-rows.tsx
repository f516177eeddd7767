import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../ui/form/button.tsx';
import { Input } from '../../ui/form/input.tsx';
import type { Pair } from '../../ui/form/pairs-editor.tsx';

interface PairRowsProps {
  legend: string;
  hint: string;
  /** What stands left and right of the arrow. */
  left: { label: string; placeholder: string };
  right: { label: string; placeholder: string };
  add: string;
  pairs: readonly Pair[];
  onChange: (pairs: Pair[]) => void;
}

/** Rows of "this to that": ports and volumes. */
export function PairRows({ legend, hint, left, right, add, pairs, onChange }: PairRowsProps) {
  const { t } = useTranslation();
  function set(index: number, change: Partial<Pair>) {
    onChange(pairs.map((pair, each) => (each === index ? { ...pair, ...change } : pair)));
  }
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">{legend}</legend>
      {pairs.map((pair, index) => (
        <div key={index} className="flex items-center gap-2">
          <Input
            mono
            aria-label={`${left.label} ${index + 1}`}
            placeholder={left.placeholder}
            value={pair.name}
            onChange={(event) => set(index, { name: event.target.value })}
          />
          <span aria-hidden className="text-ink-3">
            →
          </span>
          <Input
            mono
            aria-label={`${right.label} ${index + 1}`}
            placeholder={right.placeholder}
            value={pair.value}
            onChange={(event) => set(index, { value: event.target.value })}
          />
          <IconButton
            label={t('schema.remove', { name: pair.name || `${legend} ${index + 1}` })}
            onClick={() => onChange(pairs.filter((_, each) => each !== index))}
          >
            <Trash2 aria-hidden className="size-4" />
          </IconButton>
        </div>
      ))}
      <div>
        <Button
          size="sm"
          icon={<Plus aria-hidden className="size-3.5" />}
          onClick={() => onChange([...pairs, { name: '', value: '' }])}
        >
          {add}
        </Button>
      </div>
      <p className="text-xs text-ink-3">{hint}</p>
    </fieldset>
  );
}
