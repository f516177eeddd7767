import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { isTerminal } from './drawing.ts';
import { JsonField } from './json-field.tsx';
import { ModelSelect } from './model-select.tsx';
import { NamesField } from './names-field.tsx';
import type { NodeFormProps } from './node-form-props.ts';

const mostRetries = 5;
const mostSeconds = 3600;

/** The form of a node's answer, and what is done where the node fails. */
export function AttemptsFields({ drawn, nodeKey, node, disabled }: NodeFormProps) {
  const { t } = useTranslation();
  const attempts = node.attempts ?? { retries: 0, wait_ms: 1000 };
  const isModel = (node.kind ?? 'agent') === 'agent';
  // Lists are not tried again as a whole.
  const most = node.kind === 'each' ? 0 : mostRetries;
  const names = drawn.drawing.nodes.filter(({ key }) => key !== nodeKey).map((each) => each.node.name);
  const onError = node.on_error ?? [];
  function write(change: Partial<typeof attempts>) {
    drawn.change(nodeKey, { attempts: { ...attempts, ...change } });
  }
  function writeOnError(list: string[]) {
    drawn.change(nodeKey, { on_error: list.length === 0 ? undefined : list });
  }
  return (
    <>
      {isModel && (
        <JsonField
          label={t('graphs.attempts.schema')}
          hint={t('graphs.attempts.schemaHint')}
          value={node.output_schema ?? null}
          onChange={(schema) => drawn.change(nodeKey, { output_schema: schema ?? undefined })}
          disabled={disabled}
        />
      )}
      <div className="grid grid-cols-2 gap-3">
        <Field label={t('graphs.attempts.retries')}>
          <Input
            type="number"
            min={0}
            max={most}
            value={attempts.retries}
            readOnly={disabled}
            onChange={({ target }) =>
              write({ retries: Math.min(most, Math.max(0, Math.trunc(Number(target.value)) || 0)) })
            }
          />
        </Field>
        <Field label={t('graphs.attempts.timeout')}>
          <Input
            type="number"
            min={1}
            max={mostSeconds}
            value={attempts.timeout_ms == null ? '' : attempts.timeout_ms / 1000}
            readOnly={disabled}
            placeholder={t('graphs.attempts.none')}
            onChange={({ target }) => {
              const seconds = Math.min(mostSeconds, Math.max(0, Math.trunc(Number(target.value)) || 0));
              write({ timeout_ms: seconds === 0 ? undefined : seconds * 1000 });
            }}
          />
        </Field>
      </div>
      {isModel && (
        <ModelSelect
          label={t('graphs.attempts.fallback')}
          isOptional
          value={attempts.fallback_model ?? ''}
          onChange={(name) => write({ fallback_model: name === '' ? undefined : name })}
          disabled={disabled}
        />
      )}
      <NamesField
        label={t('graphs.attempts.onError')}
        hint={t('graphs.attempts.onErrorHint')}
        value={onError}
        options={[...names, 'end']}
        nameOf={(name) => (isTerminal(name) ? t('graphs.terminal.end') : name)}
        onAdd={(name) => writeOnError([...onError, name])}
        onRemove={(name) => writeOnError(onError.filter((each) => each !== name))}
        disabled={disabled}
      />
    </>
  );
}
