import { useTranslation } from 'react-i18next';
import { isTerminal } from './drawing.ts';
import { JsonField } from './json-field.tsx';
import { ModelSelect } from './model-select.tsx';
import { NamesField } from './names-field.tsx';
import type { NodeFormProps } from './node-form-props.ts';
import { NumberField } from './number-field.tsx';

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
        <NumberField
          label={t('graphs.attempts.retries')}
          least={0}
          most={most}
          value={attempts.retries}
          onChange={(retries) => write({ retries })}
          disabled={disabled}
        />
        <NumberField
          label={t('graphs.attempts.timeout')}
          least={0}
          most={mostSeconds}
          value={attempts.timeout_ms == null ? null : attempts.timeout_ms / 1000}
          onChange={(seconds) => write({ timeout_ms: seconds === 0 ? undefined : seconds * 1000 })}
          disabled={disabled}
          placeholder={t('graphs.attempts.none')}
        />
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
