import { Columns2, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/form/button.tsx';
import { Select } from '../../ui/form/input.tsx';
import type { Model } from './types.ts';
import type { ChatSettings } from './use-settings.ts';

function Options({ models }: { models: readonly Model[] }) {
  return models.map(({ id, name }) => (
    <option key={id} value={name}>
      {name}
    </option>
  ));
}

/** Who answers the next message besides, to be compared. */
function Second({ settings: { beside, compareWith }, models }: { settings: ChatSettings; models: readonly Model[] }) {
  const { t } = useTranslation();
  const [first] = models;
  if (first === undefined) return null;
  if (beside === null) {
    return (
      <IconButton label={t('conversations.compare.begin')} onClick={() => compareWith(first.name)}>
        <Columns2 aria-hidden className="size-4" />
      </IconButton>
    );
  }
  return (
    <span className="flex items-center">
      <Select
        compact
        className="max-w-48"
        aria-label={t('conversations.compare.second')}
        value={beside}
        onChange={({ target: { value } }) => compareWith(value)}
      >
        <Options models={models} />
      </Select>
      <IconButton label={t('conversations.compare.end')} onClick={() => compareWith(null)}>
        <X aria-hidden className="size-4" />
      </IconButton>
    </span>
  );
}

/** Who answers next; a conversation may change its model at any time. */
export function ModelPick({ settings: of }: { settings: ChatSettings }) {
  const { models, settings, model, change } = of;
  const { t } = useTranslation();
  const usable = models.filter(({ can }) => can.use);
  if (settings === null) return null;
  const chosen = model?.can.use === true ? model.name : settings.model;
  return (
    <>
      <Select
        compact
        className="max-w-48"
        aria-label={t('conversations.model')}
        value={chosen}
        onChange={({ target: { value } }) => change({ ...settings, model: value })}
      >
        {model?.can.use !== true && (
          <option value={settings.model}>{t('conversations.modelGone', { name: settings.model })}</option>
        )}
        <Options models={usable} />
      </Select>
      <Second settings={of} models={usable.filter(({ name }) => name !== chosen)} />
    </>
  );
}
