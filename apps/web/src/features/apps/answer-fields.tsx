import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Field } from '../../ui/form/field.tsx';
import { Select } from '../../ui/form/input.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import type { AnswerDraft } from './action-draft.ts';
import { useApp } from './app-context.ts';
import { CodeField } from './code-field.tsx';
import { TemplateHelp } from './template-help.tsx';

interface AnswerFieldsProps {
  answer: AnswerDraft;
  onChange: (answer: AnswerDraft) => void;
  error: string | null;
  disabled: boolean;
}

function ModelFields({ answer, onChange, error, disabled }: AnswerFieldsProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const models = useQuery(trpc.models.list.queryOptions());
  const names = (models.data ?? []).filter(({ can }) => can.use).map(({ name }) => name);
  const known = answer.model === '' || names.includes(answer.model) ? names : [answer.model, ...names];
  return (
    <div className="flex flex-col gap-3">
      <Field label={t('apps.answer.model')} hint={t('apps.answer.modelHint')} error={error}>
        <Select value={answer.model} onChange={(event) => onChange({ ...answer, model: event.target.value })}>
          <option value="">{t('apps.answer.anyModel')}</option>
          {known.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <SwitchRow
        label={t('apps.answer.cache')}
        hint={t('apps.answer.cacheHint')}
        checked={answer.cache}
        disabled={disabled}
        onChange={(cache) => onChange({ ...answer, cache })}
      />
    </div>
  );
}

/** What one way to answer needs to know. */
export function AnswerFields(props: AnswerFieldsProps) {
  const { t } = useTranslation();
  const app = useApp();
  const { answer, onChange, error, disabled } = props;
  switch (answer.mode) {
    case 'model':
      return <ModelFields {...props} />;
    case 'template':
      return (
        <CodeField
          label={t('apps.answer.body')}
          note={t('apps.action.liquid')}
          hint={<TemplateHelp text={t('apps.answer.bodyHint')} />}
          value={answer.body}
          onChange={(body) => onChange({ ...answer, body })}
          error={error}
          readOnly={disabled}
        />
      );
    case 'static':
      return (
        <CodeField
          json="value"
          label={t('apps.answer.value')}
          value={answer.value}
          onChange={(value) => onChange({ ...answer, value })}
          error={error}
          readOnly={disabled}
        />
      );
    case 'replay':
      return <p className="text-sm text-ink-2">{t('apps.answer.replay', { count: app.pairs })}</p>;
  }
}
