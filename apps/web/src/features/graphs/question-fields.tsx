import { useTranslation } from 'react-i18next';
import { askedFor } from '@switchboard/core/graphs/schema';
import { Field } from '../../ui/form/field.tsx';
import { Select } from '../../ui/form/input.tsx';
import type { NodeFormProps } from './node-form-props.ts';
import { PromptField } from './prompt-field.tsx';
import { namesFor } from './prompt-names.ts';

/** What a person is asked. */
export function QuestionFields(props: NodeFormProps) {
  const { drawn, nodeKey, node, disabled } = props;
  const { t } = useTranslation();
  return (
    <>
      <Field label={t('graphs.node.ask')} hint={t('graphs.node.askHint')}>
        <Select
          value={node.ask ?? 'answer'}
          disabled={disabled}
          onChange={({ target }) => drawn.change(nodeKey, { ask: askedFor.find((ask) => ask === target.value) })}
        >
          {askedFor.map((ask) => (
            <option key={ask} value={ask}>
              {t(`graphs.node.asks.${ask}`)}
            </option>
          ))}
        </Select>
      </Field>
      <PromptField
        label={t('graphs.node.question')}
        hint={t('graphs.node.userPromptHint')}
        value={node.user_prompt}
        onChange={(text) => drawn.change(nodeKey, { user_prompt: text })}
        {...namesFor(props)}
        disabled={disabled}
      />
    </>
  );
}
