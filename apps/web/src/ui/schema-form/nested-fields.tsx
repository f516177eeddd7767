import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../form/button.tsx';
import { Field } from '../form/field.tsx';
import { Select } from '../form/input.tsx';
import { Group } from './group.tsx';
import { JsonField } from './json-field.tsx';
import { useProblemText } from './problem-text.ts';
import {
  initial,
  isSchema,
  kindOf,
  pathKey,
  properties,
  resolve,
  text,
  typeOf,
  variants,
  type Path,
  type Schema,
} from './schema.ts';
import { validate, type Problems } from './validate.ts';
import { ChoicesField, ValueField } from './value-fields.tsx';

interface NodeProps {
  schema: Schema;
  root: Schema;
  value: unknown;
  path: Path;
  onChange: (path: Path, value: unknown) => void;
  problems: Problems;
}

interface NamedNodeProps extends NodeProps {
  label: string;
  required: boolean;
}

function label(name: string, schema: Schema): string {
  return text(schema['title']) ?? name;
}

export function ObjectFields(props: NodeProps) {
  const { schema, root, value, path } = props;
  const object = isSchema(value) ? value : {};
  return (
    <div className="flex flex-col gap-4">
      {properties(schema, root).map((each) => (
        <SchemaField
          {...props}
          key={each.name}
          label={label(each.name, each.schema)}
          required={each.required}
          schema={each.schema}
          value={object[each.name]}
          path={[...path, each.name]}
        />
      ))}
    </div>
  );
}

function ObjectField(props: NamedNodeProps) {
  const { t } = useTranslation();
  const { schema, root, value, path, onChange, required } = props;
  const present = required || value !== undefined;
  return (
    <Group legend={props.label} hint={text(schema['description'])} error={null}>
      {present && <ObjectFields {...props} />}
      {!present && (
        <Button
          size="sm"
          icon={<Plus aria-hidden className="size-3.5" />}
          onClick={() => onChange(path, initial(schema, root, true))}
        >
          {t('schema.add', { name: props.label })}
        </Button>
      )}
      {present && !required && (
        <Button size="sm" look="ghost" className="mt-3" onClick={() => onChange(path, undefined)}>
          {t('schema.leaveOut')}
        </Button>
      )}
    </Group>
  );
}

function ArrayField(props: NamedNodeProps) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const { schema, root, value, path, onChange, problems } = props;
  const items = resolve(schema['items'], root);
  const list = Array.isArray(value) ? value : [];
  return (
    <Group legend={props.label} hint={text(schema['description'])} error={problemText(problems.get(pathKey(path)))}>
      <ol className="flex flex-col gap-3">
        {list.map((each, index) => (
          <li key={index} className="flex items-end gap-1">
            <div className="min-w-0 flex-1">
              <SchemaField
                {...props}
                label={`${props.label} ${index + 1}`}
                required
                schema={items}
                value={each}
                path={[...path, index]}
              />
            </div>
            <IconButton
              label={t('schema.remove', { name: `${props.label} ${index + 1}` })}
              onClick={() =>
                onChange(path, list.length === 1 && !props.required ? undefined : list.toSpliced(index, 1))
              }
            >
              <Trash2 aria-hidden className="size-4" />
            </IconButton>
          </li>
        ))}
      </ol>
      <Button
        size="sm"
        className={list.length > 0 ? 'mt-3' : ''}
        icon={<Plus aria-hidden className="size-3.5" />}
        onClick={() =>
          onChange(path, [...list, initial(items, root, true) ?? (typeOf(items) === 'string' ? '' : null)])
        }
      >
        {t('schema.addItem')}
      </Button>
    </Group>
  );
}

function UnionField(props: NamedNodeProps) {
  const { t } = useTranslation();
  const { schema, root, value, path, onChange } = props;
  const list = variants(schema).map((each) => resolve(each, root));
  const fitting = list.findIndex((each) => value !== undefined && validate(each, root, value).size === 0);
  const [chosen, setChosen] = useState(Math.max(0, fitting));
  const variant = list[chosen] ?? {};
  return (
    <Group legend={props.label} hint={text(schema['description'])} error={null}>
      <Field label={t('schema.variant')} className="mb-3">
        <Select
          value={chosen}
          onChange={(event) => {
            const next = Number(event.target.value);
            setChosen(next);
            onChange(path, initial(list[next] ?? {}, root, props.required));
          }}
        >
          {list.map((each, index) => (
            <option key={index} value={index}>
              {text(each['title']) ?? typeOf(each) ?? t('schema.variantNumber', { number: index + 1 })}
            </option>
          ))}
        </Select>
      </Field>
      <SchemaField {...props} schema={variant} />
    </Group>
  );
}

/** The field of one property, list entry or variant. */
export function SchemaField(props: NamedNodeProps) {
  const problemText = useProblemText();
  const { schema, root, value, path, onChange, problems, required } = props;
  const kind = path.length > 12 ? 'json' : kindOf(schema, root);
  const error = problemText(problems.get(pathKey(path)));
  const hint = text(schema['description']);
  function set(next: unknown) {
    onChange(path, next);
  }
  if (kind === 'object') return <ObjectField {...props} />;
  if (kind === 'array') return <ArrayField {...props} />;
  if (kind === 'union') return <UnionField {...props} />;
  if (kind === 'choices') {
    return <ChoicesField legend={props.label} schema={resolve(schema['items'], root)} value={value} onChange={set} />;
  }
  if (kind === 'json') {
    return <JsonField label={props.label} hint={hint} required={required} error={error} value={value} onChange={set} />;
  }
  return (
    <Field
      label={props.label}
      hint={hint}
      required={required}
      error={error}
      note={text(schema['format']) ?? (kind === 'enum' ? undefined : kind)}
    >
      <ValueField kind={kind} schema={schema} value={value} required={required} onChange={set} />
    </Field>
  );
}
