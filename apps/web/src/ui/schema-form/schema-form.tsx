import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Segmented } from '../form/segmented.tsx';
import { JsonField } from './json-field.tsx';
import { ObjectFields } from './nested-fields.tsx';
import { assign, kindOf, resolve, type Path, type Schema } from './schema.ts';
import type { Problems } from './validate.ts';

interface SchemaFormProps {
  schema: Schema;
  value: unknown;
  onChange: (value: unknown) => void;
  /** Shown once the person tried to send; empty before. */
  problems: Problems;
  /** Tells that the raw JSON does not parse, so nothing may be sent. */
  onBroken?: (broken: boolean) => void;
}

/** A form made of a JSON Schema, with the raw JSON one click away. */
export function SchemaForm({ schema: given, value, onChange, problems, onBroken }: SchemaFormProps) {
  const { t } = useTranslation();
  const schema = useMemo(() => resolve(given, given), [given]);
  const formable = kindOf(schema, given) === 'object';
  const closed = !formable && schema['additionalProperties'] === false;
  const [raw, setRaw] = useState(false);
  function change(path: Path, next: unknown) {
    onChange(assign(value, path, next));
  }
  if (
    closed ||
    (!formable && !raw && schema['additionalProperties'] === undefined && schema['properties'] !== undefined)
  ) {
    return <p className="text-sm text-ink-3">{t('schema.noArguments')}</p>;
  }
  const showRaw = raw || !formable;
  return (
    <div className="flex flex-col gap-4">
      {formable && (
        <div className="flex justify-end">
          <Segmented
            small
            label={t('schema.view')}
            value={raw ? 'json' : 'form'}
            onChange={(next) => {
              setRaw(next === 'json');
              onBroken?.(false);
            }}
            options={[
              { value: 'form', label: t('schema.form') },
              { value: 'json', label: t('schema.json') },
            ]}
          />
        </div>
      )}
      {showRaw ? (
        <JsonField
          label={t('schema.argumentsJson')}
          value={value ?? {}}
          onChange={onChange}
          rows={10}
          {...(onBroken ? { onBroken } : {})}
        />
      ) : (
        <ObjectFields schema={schema} root={given} value={value} path={[]} onChange={change} problems={problems} />
      )}
    </div>
  );
}
