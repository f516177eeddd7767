import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../ui/form/button.tsx';
import { Input, Select } from '../../ui/form/input.tsx';
import type { Preset } from './types.ts';
import { usePresets } from './use-presets.ts';

interface PresetsProps {
  current: Omit<Preset, 'name'>;
  onPick: (preset: Preset) => void;
}

/** What was kept under a name by the person, to be used again. */
export function Presets({ current, onPick }: PresetsProps) {
  const { t } = useTranslation();
  const { presets, isBusy, keep, forget } = usePresets();
  const [chosen, setChosen] = useState('');
  const [name, setName] = useState('');
  function save() {
    const given = name.trim();
    keep({ ...current, name: given });
    setChosen(given);
    setName('');
  }
  return (
    <div className="flex flex-col gap-2 rounded-lg border border-line bg-sunken p-3">
      {presets.length > 0 && (
        <div className="flex items-center gap-2">
          <Select
            className="flex-1"
            aria-label={t('conversations.presets.label')}
            value={chosen}
            onChange={({ target: { value } }) => {
              setChosen(value);
              const preset = presets.find((each) => each.name === value);
              if (preset) onPick(preset);
            }}
          >
            <option value="">{t('conversations.presets.choose')}</option>
            {presets.map((preset) => (
              <option key={preset.name} value={preset.name}>
                {preset.name}
              </option>
            ))}
          </Select>
          <IconButton
            label={t('conversations.presets.forget')}
            disabled={isBusy || chosen === ''}
            onClick={() => {
              forget(chosen);
              setChosen('');
            }}
          >
            <Trash2 aria-hidden className="size-4" />
          </IconButton>
        </div>
      )}
      <div className="flex items-center gap-2">
        <Input
          aria-label={t('conversations.presets.name')}
          placeholder={t('conversations.presets.name')}
          value={name}
          maxLength={60}
          onChange={(event) => setName(event.target.value)}
        />
        <Button disabled={isBusy || name.trim() === ''} onClick={save}>
          {t('conversations.presets.keep')}
        </Button>
      </div>
    </div>
  );
}
