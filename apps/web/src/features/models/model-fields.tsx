import { useTranslation } from 'react-i18next';
import { keyMask, presets } from '@switchboard/core/models/schema';
import { fieldMessage } from '../../lib/trpc.ts';
import { Choices } from '../../ui/form/choices.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input, SecretInput, Select, Textarea } from '../../ui/form/input.tsx';
import { PairsEditor } from '../../ui/form/pairs-editor.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';
import { readBody, toCreate, withPreset, type Ability, type ModelDraft } from './model-draft.ts';
import { ModelSharing, type ModelFieldsProps } from './model-sharing.tsx';
import { PickedModel } from './picked-model.tsx';

type Text = 'name' | 'baseUrl' | 'priceIn' | 'priceOut' | 'contextWindow' | 'temperature' | 'maxTokens' | 'timeout';

/** A line of text of the draft. */
function Line(
  props: ModelFieldsProps & { field: Text; label: string; hint?: string; at?: string; required?: boolean },
) {
  const { draft, onChange, failure, field, label, hint, at = field, required } = props;
  const isNumber = field !== 'name' && field !== 'baseUrl';
  return (
    <Field label={label} hint={hint} required={required} error={fieldMessage(failure, at)} className="flex-1">
      <Input
        mono={field === 'baseUrl'}
        inputMode={isNumber ? 'decimal' : 'text'}
        value={draft[field]}
        onChange={(event) => onChange({ ...draft, [field]: event.target.value })}
      />
    </Field>
  );
}

function Place(props: ModelFieldsProps) {
  const { t } = useTranslation();
  const { draft, onChange, failure, stored } = props;
  const asked = { draft: toCreate(draft, stored?.options), ...(stored && { existingId: stored.id }) };
  return (
    <>
      {stored === null && (
        <Field label={t('models.preset')} hint={t('models.presetHint')}>
          <Select
            defaultValue=""
            onChange={(event) => {
              const preset = presets.find(({ id }) => id === event.target.value);
              if (preset) onChange(withPreset(draft, preset));
            }}
          >
            <option value="">{t('models.noPreset')}</option>
            {presets.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <Line {...props} required field="baseUrl" label={t('models.baseUrl')} hint={t('models.baseUrlHint')} />
      <Field
        label={t('models.apiKey')}
        hint={stored?.hasKey ? t('models.keyKept') : t('models.keyHint')}
        error={fieldMessage(failure, 'apiKey')}
      >
        <SecretInput
          value={draft.apiKey}
          placeholder={stored?.hasKey ? keyMask : ''}
          onChange={(event) => onChange({ ...draft, apiKey: event.target.value })}
        />
      </Field>
      <PickedModel
        value={draft.model}
        onChange={(model) => onChange({ ...draft, model })}
        failure={failure}
        asked={asked}
        incomplete={draft.baseUrl.trim() === ''}
      />
      <Line {...props} required field="name" label={t('common.name')} hint={t('models.nameHint')} />
    </>
  );
}

function Further(props: ModelFieldsProps) {
  const { t } = useTranslation();
  const { draft, onChange, failure } = props;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap gap-4">
        <Field label={t('models.protocol')} className="flex-1">
          <Select
            value={draft.protocol}
            onChange={(event) => onChange({ ...draft, protocol: event.target.value as ModelDraft['protocol'] })}
          >
            <option value="">{t('models.byUrl')}</option>
            <option value="openai">OpenAI</option>
            <option value="anthropic">Anthropic</option>
          </Select>
        </Field>
        <Field label={t('models.toolProtocol')} className="flex-1">
          <Select
            value={draft.toolProtocol}
            onChange={(event) => onChange({ ...draft, toolProtocol: event.target.value as ModelDraft['toolProtocol'] })}
          >
            <option value="native">{t('models.toolsNative')}</option>
            <option value="tool_action">{t('models.toolsInText')}</option>
          </Select>
        </Field>
      </div>
      <div className="flex flex-wrap gap-4">
        <Line {...props} field="temperature" at="options.temperature" label={t('models.temperature')} />
        <Line {...props} field="maxTokens" at="options.max_tokens" label={t('models.maxTokens')} />
        <Line {...props} field="timeout" at="timeoutMs" label={t('models.timeout')} />
      </div>
      <PairsEditor
        legend={t('models.headers')}
        namePlaceholder="X-Team"
        pairs={draft.headers}
        onChange={(headers) => onChange({ ...draft, headers })}
        error={fieldMessage(failure, 'headers')}
      />
      <Field
        label={t('models.extraBody')}
        hint={t('models.extraBodyHint')}
        error={readBody(draft.extraBody) === null ? t('models.noObject') : fieldMessage(failure, 'extraBody')}
      >
        <Textarea
          mono
          rows={3}
          value={draft.extraBody}
          onChange={(event) => onChange({ ...draft, extraBody: event.target.value })}
        />
      </Field>
    </div>
  );
}

/** The form of a model. */
export function ModelFields(props: ModelFieldsProps) {
  const { t } = useTranslation();
  const { draft, onChange } = props;
  const abilities = (['tools', 'images', 'reasoning'] as const).map((value) => ({
    value,
    label: t(`models.ability.${value}`),
  }));
  return (
    <div className="flex flex-col gap-5">
      <Place {...props} />
      <ModelSharing {...props} />
      <div className="flex flex-wrap gap-4">
        <Line {...props} field="priceIn" label={t('models.priceIn')} />
        <Line {...props} field="priceOut" label={t('models.priceOut')} />
        <Line {...props} field="contextWindow" label={t('models.contextWindow')} />
      </div>
      <Choices
        inline
        legend={t('models.abilities')}
        options={abilities}
        value={draft.abilities}
        onChange={(chosen) => onChange({ ...draft, abilities: chosen as Ability[] })}
      />
      <Disclosure title={t('models.further')}>
        <Further {...props} />
      </Disclosure>
    </div>
  );
}
