import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/form/field.tsx';
import { FormDialog } from '../../ui/form/form-dialog.tsx';
import { Input, Select, Textarea } from '../../ui/form/input.tsx';
import { fits, numberOf } from './parameters.ts';
import { Presets } from './presets.tsx';
import type { Settings } from './types.ts';
import type { ChatSettings } from './use-settings.ts';

const mostTokens = 10_000_000;

function useParameters(settings: Settings | null) {
  const [systemPrompt, setSystemPrompt] = useState(settings?.systemPrompt ?? '');
  const [temperature, setTemperature] = useState(String(settings?.options.temperature ?? ''));
  const [maxTokens, setMaxTokens] = useState(String(settings?.options.max_tokens ?? ''));
  const [fallback, setFallback] = useState(settings?.fallback ?? '');
  const wrong = {
    temperature: !fits(temperature, 0, 2, false),
    maxTokens: !fits(maxTokens, 1, mostTokens, true),
  };
  return {
    systemPrompt,
    setSystemPrompt,
    temperature,
    setTemperature,
    maxTokens,
    setMaxTokens,
    fallback,
    setFallback,
    wrong,
  };
}

/** How the model is asked: what it is told before all else, and its parameters. */
export function ParametersDialog({ settings: of, onClose }: { settings: ChatSettings; onClose: () => void }) {
  const { t } = useTranslation();
  const { settings, models, change } = of;
  const draft = useParameters(settings);
  const { systemPrompt, temperature, maxTokens, fallback, wrong } = draft;
  function save() {
    if (settings === null) return;
    const { temperature: _temperature, max_tokens: _most, ...others } = settings.options;
    const [chance, most] = [numberOf(temperature), numberOf(maxTokens)];
    change({
      ...settings,
      systemPrompt,
      fallback: fallback === '' ? null : fallback,
      options: {
        ...others,
        ...(chance !== undefined && { temperature: chance }),
        ...(most !== undefined && { max_tokens: most }),
      },
    });
    onClose();
  }
  return (
    <FormDialog
      open
      onClose={onClose}
      title={t('conversations.parameters.title')}
      action={t('conversations.parameters.use')}
      busy={false}
      incomplete={wrong.temperature || wrong.maxTokens}
      problem={null}
      onSubmit={save}
    >
      <Presets
        current={{
          systemPrompt,
          temperature: numberOf(temperature) ?? null,
          maxTokens: numberOf(maxTokens) ?? null,
        }}
        onPick={(preset) => {
          draft.setSystemPrompt(preset.systemPrompt);
          draft.setTemperature(String(preset.temperature ?? ''));
          draft.setMaxTokens(String(preset.maxTokens ?? ''));
        }}
      />
      <Field label={t('conversations.parameters.system')} hint={t('conversations.parameters.systemHint')}>
        <Textarea rows={5} value={systemPrompt} onChange={(event) => draft.setSystemPrompt(event.target.value)} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={t('conversations.parameters.temperature')}
          error={wrong.temperature ? t('conversations.parameters.temperatureWrong') : null}
        >
          <Input
            inputMode="decimal"
            value={temperature}
            placeholder={t('conversations.parameters.ofModel')}
            onChange={(event) => draft.setTemperature(event.target.value)}
          />
        </Field>
        <Field
          label={t('conversations.parameters.maxTokens')}
          error={wrong.maxTokens ? t('conversations.parameters.maxTokensWrong') : null}
        >
          <Input
            inputMode="numeric"
            value={maxTokens}
            placeholder={t('conversations.parameters.ofModel')}
            onChange={(event) => draft.setMaxTokens(event.target.value)}
          />
        </Field>
      </div>
      <Field label={t('conversations.parameters.fallback')} hint={t('conversations.parameters.fallbackHint')}>
        <Select value={fallback} onChange={(event) => draft.setFallback(event.target.value)}>
          <option value="">{t('conversations.parameters.noFallback')}</option>
          {models
            .filter(({ can, name }) => can.use && name !== settings?.model)
            .map(({ id, name }) => (
              <option key={id} value={name}>
                {name}
              </option>
            ))}
        </Select>
      </Field>
    </FormDialog>
  );
}
