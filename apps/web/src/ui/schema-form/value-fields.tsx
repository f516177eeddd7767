import type { ChangeEvent, KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Checkbox, Input, SecretInput, Select, Textarea } from '../form/input.tsx';
import { options, text, type FieldKind, type Schema } from './schema.ts';

export interface ValueProps {
  kind: FieldKind;
  schema: Schema;
  value: unknown;
  required: boolean;
  onChange: (value: unknown) => void;
}

const inputTypes: Record<string, string> = { email: 'email', uri: 'url', date: 'date', time: 'time' };

/** Grows with its text. Enter sends while there is one line; Shift+Enter starts another. */
function TextValue({ schema, value, onChange }: ValueProps) {
  const example = Array.isArray(schema['examples']) ? text(schema['examples'][0]) : null;
  const long = schema['contentMediaType'] !== undefined || Number(schema['maxLength'] ?? 0) > 200;
  const shown = typeof value === 'string' ? value : '';
  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || shown.includes('\n')) return;
    event.preventDefault();
    event.currentTarget.form?.requestSubmit();
  }
  return (
    <Textarea
      rows={long ? 4 : 1}
      value={shown}
      placeholder={example ?? undefined}
      onKeyDown={onKeyDown}
      onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
      className="field-sizing-content max-h-96 min-h-9 py-1.5"
    />
  );
}

function StringValue(props: ValueProps) {
  const { schema, value, onChange } = props;
  const format = text(schema['format']);
  const shown = typeof value === 'string' ? value : '';
  function set(event: ChangeEvent<HTMLInputElement>) {
    onChange(event.target.value === '' ? undefined : event.target.value);
  }
  if (format === 'password') return <SecretInput value={shown} onChange={set} />;
  const type = format === null ? undefined : inputTypes[format];
  if (type === undefined && format !== 'date-time') return <TextValue {...props} />;
  return (
    <Input
      type={type ?? 'text'}
      value={shown}
      {...(type === undefined ? { placeholder: '2026-01-31T09:30:00Z' } : {})}
      onChange={set}
    />
  );
}

function NumberValue({ kind, schema, value, onChange }: ValueProps) {
  function bound(key: string) {
    return typeof schema[key] === 'number' ? schema[key] : undefined;
  }
  return (
    <Input
      type="number"
      inputMode={kind === 'integer' ? 'numeric' : 'decimal'}
      step={bound('multipleOf') ?? (kind === 'integer' ? 1 : 'any')}
      min={bound('minimum')}
      max={bound('maximum')}
      value={typeof value === 'number' ? value : ''}
      onChange={(event) => onChange(event.target.value === '' ? undefined : Number(event.target.value))}
    />
  );
}

function BooleanValue({ value, onChange }: ValueProps) {
  const { t } = useTranslation();
  return (
    <Select
      value={typeof value === 'boolean' ? String(value) : ''}
      onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value === 'true')}
    >
      <option value="">{t('schema.notSet')}</option>
      <option value="true">true</option>
      <option value="false">false</option>
    </Select>
  );
}

function EnumValue({ schema, value, onChange }: ValueProps) {
  const { t } = useTranslation();
  const list = options(schema) ?? [];
  const index = list.findIndex((option) => Object.is(option.value, value));
  return (
    <Select
      value={index < 0 ? '' : String(index)}
      onChange={(event) => onChange(event.target.value === '' ? undefined : list[Number(event.target.value)]?.value)}
    >
      <option value="">{t('schema.choose')}</option>
      {list.map((option, each) => (
        <option key={each} value={each} title={option.description ?? undefined}>
          {option.label}
        </option>
      ))}
    </Select>
  );
}

/** One plain value: text, number, yes or no, or one of a list. */
export function ValueField(props: ValueProps) {
  switch (props.kind) {
    case 'number':
    case 'integer':
      return <NumberValue {...props} />;
    case 'boolean':
      return <BooleanValue {...props} />;
    case 'enum':
      return <EnumValue {...props} />;
    default:
      return <StringValue {...props} />;
  }
}

interface ChoicesProps {
  legend: ReactNode;
  schema: Schema;
  value: unknown;
  onChange: (value: unknown) => void;
}

/** Any number of a list. */
export function ChoicesField({ legend, schema, value, onChange }: ChoicesProps) {
  const list = options(schema) ?? [];
  const chosen = Array.isArray(value) ? value : [];
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1.5 text-sm font-medium">{legend}</legend>
      {list.map((option, index) => (
        <label key={index} className="flex items-start gap-2 text-base">
          <Checkbox
            className="mt-1"
            checked={chosen.some((each) => Object.is(each, option.value))}
            onChange={(event) => {
              const without = chosen.filter((each) => !Object.is(each, option.value));
              onChange(event.target.checked ? [...without, option.value] : without);
            }}
          />
          <span>
            {option.label}
            {option.description !== null && <span className="block text-xs text-ink-3">{option.description}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
