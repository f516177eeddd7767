import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { hasField } from '@switchboard/core/servers/schema';
import { fieldMessage } from '../../lib/trpc.ts';
import { Button, IconButton } from '../../ui/form/button.tsx';
import { Input } from '../../ui/form/input.tsx';
import { Switch } from '../../ui/form/switch.tsx';
import type { Draft } from './server-draft.ts';
import type { ServerFieldsProps } from './server-fields-props.ts';

type Slot = Draft['slots'][number];

const empty: Slot = { name: '', label: '', description: '', secret: true };

interface SlotRowProps {
  slot: Slot;
  number: number;
  onChange: (change: Partial<Slot>) => void;
  onRemove: () => void;
}

function SlotRow({ slot, number, onChange, onRemove }: SlotRowProps) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-wrap items-center gap-2 rounded-md border border-line p-2">
      <Input
        mono
        className="sm:w-40"
        aria-label={t('servers.slots.name', { number })}
        placeholder="API_TOKEN"
        value={slot.name}
        onChange={({ target }) => onChange({ name: target.value })}
      />
      <Input
        className="min-w-0 flex-1"
        aria-label={t('servers.slots.label', { number })}
        placeholder={t('servers.slots.labelExample')}
        value={slot.label}
        onChange={({ target }) => onChange({ label: target.value })}
      />
      <Switch
        label={t('servers.slots.secret', { number })}
        checked={slot.secret}
        onChange={(secret) => onChange({ secret })}
      />
      <IconButton label={t('servers.slots.remove', { number })} onClick={onRemove}>
        <Trash2 aria-hidden className="size-4" />
      </IconButton>
      <Input
        className="w-full"
        aria-label={t('servers.slots.description', { number })}
        placeholder={t('servers.slots.descriptionExample')}
        value={slot.description}
        onChange={({ target }) => onChange({ description: target.value })}
      />
    </div>
  );
}

/** What each person gives of their own. */
export function SlotFields({ draft, onChange, failure }: Pick<ServerFieldsProps, 'draft' | 'onChange' | 'failure'>) {
  const { t } = useTranslation();
  if (!hasField(draft.kind, 'env')) return null;
  const { slots } = draft;
  const faults = slots.flatMap((_, index) => fieldMessage(failure, `slots.${index}.name`) ?? []);
  const error = fieldMessage(failure, 'slots') ?? faults[0];
  function put(next: Slot[]) {
    onChange({ ...draft, slots: next });
  }
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">{t('servers.slots.title')}</legend>
      {slots.map((slot, index) => (
        <SlotRow
          key={index}
          slot={slot}
          number={index + 1}
          onChange={(change) => put(slots.map((each, at) => (at === index ? { ...each, ...change } : each)))}
          onRemove={() => put(slots.filter((_, at) => at !== index))}
        />
      ))}
      <Button
        size="sm"
        className="self-start"
        icon={<Plus aria-hidden className="size-4" />}
        onClick={() => put([...slots, empty])}
      >
        {t('servers.slots.add')}
      </Button>
      <p className="text-xs text-ink-3">{t('servers.slots.hint')}</p>
      {error !== undefined && <p className="text-xs text-bad">{error}</p>}
    </fieldset>
  );
}
