import { useTranslation } from 'react-i18next';
import { Select } from '../../ui/input.tsx';
import type { ChatSettings } from './use-settings.ts';

/** Who answers next; a conversation may change its model at any time. */
export function ModelPick({ settings: { models, settings, model, change } }: { settings: ChatSettings }) {
  const { t } = useTranslation();
  const usable = models.filter(({ can }) => can.use);
  if (settings === null) return null;
  return (
    <Select
      compact
      className="max-w-48"
      aria-label={t('conversations.model')}
      value={model?.can.use === true ? model.name : settings.model}
      onChange={({ target: { value } }) => change({ ...settings, model: value })}
    >
      {model?.can.use !== true && (
        <option value={settings.model}>{t('conversations.modelGone', { name: settings.model })}</option>
      )}
      {usable.map(({ id, name }) => (
        <option key={id} value={name}>
          {name}
        </option>
      ))}
    </Select>
  );
}
