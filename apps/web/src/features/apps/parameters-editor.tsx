import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/form/button.tsx';
import { Segmented } from '../../ui/form/segmented.tsx';
import { emptyParameter, type ParameterDraft } from './action-draft.ts';
import type { PartProps } from './action-part.ts';
import { CodeField } from './code-field.tsx';
import { ParameterRow } from './parameter-row.tsx';

const emptySchema = '{\n  "type": "object",\n  "properties": {}\n}';

function Rows({ action, onChange, wrong, disabled }: PartProps) {
  const { t } = useTranslation();
  const { parameters } = action;
  function set(next: ParameterDraft[]) {
    onChange({ parameters: next });
  }
  return (
    <>
      {parameters.length === 0 && <p className="text-sm text-ink-3">{t('schema.noArguments')}</p>}
      {parameters.length > 0 && (
        <ul className="flex flex-col divide-y divide-line rounded-md border border-line">
          {parameters.map((parameter, index) => (
            <ParameterRow
              key={index}
              number={index + 1}
              parameter={parameter}
              onChange={(next) => set(parameters.with(index, next))}
              onRemove={() => set(parameters.toSpliced(index, 1))}
              wrong={(field) => wrong(`parameters.${index}.${field}`)}
              disabled={disabled}
            />
          ))}
        </ul>
      )}
      {!disabled && (
        <div>
          <Button
            size="sm"
            icon={<Plus aria-hidden className="size-3.5" />}
            onClick={() => set([...parameters, emptyParameter])}
          >
            {t('apps.parameter.add')}
          </Button>
        </div>
      )}
    </>
  );
}

/** What an action is called with: a table, or a JSON Schema in its place. */
export function ParametersEditor(props: PartProps) {
  const { t } = useTranslation();
  const { action, onChange, wrong, disabled } = props;
  const schema = action.inputSchema;
  return (
    <section aria-label={t('apps.parameter.title')} className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="text-sm font-semibold">{t('apps.parameter.title')}</h3>
        {!disabled && (
          <Segmented
            small
            label={t('apps.parameter.how')}
            value={schema === null ? 'table' : 'schema'}
            onChange={(how) => onChange({ inputSchema: how === 'table' ? null : (schema ?? emptySchema) })}
            options={[
              { value: 'table', label: t('apps.parameter.table') },
              { value: 'schema', label: 'JSON Schema' },
            ]}
          />
        )}
      </div>
      {schema === null ? (
        <Rows {...props} />
      ) : (
        <CodeField
          json="object"
          label={t('apps.parameter.schema')}
          hint={t('apps.parameter.schemaHint')}
          value={schema}
          onChange={(inputSchema) => onChange({ inputSchema })}
          error={wrong('inputSchema')}
          readOnly={disabled}
        />
      )}
      {wrong('parameters') !== null && <p className="text-xs font-medium text-bad">{wrong('parameters')}</p>}
    </section>
  );
}
