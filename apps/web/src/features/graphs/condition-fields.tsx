import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { operators } from '@switchboard/core/graphs/schema';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input, Select } from '../../ui/form/input.tsx';
import { typedValue } from './condition-value.ts';
import { isTerminal, type GraphNode } from './drawing.ts';
import { JsonField } from './json-field.tsx';
import { NamesField } from './names-field.tsx';
import type { NodeFormProps } from './node-form-props.ts';

type Case = NonNullable<GraphNode['condition']>['cases'][number];
type Test = Case['when'];

interface TestFieldsProps {
  test: Test;
  names: readonly string[];
  onChange: (test: Test) => void;
  disabled: boolean;
}

function TestFields({ test, names, onChange, disabled }: TestFieldsProps) {
  const { t } = useTranslation();
  // What is put together of several is written as it is stored.
  if (test.op == null) {
    return (
      <JsonField
        label={t('graphs.condition.test')}
        value={{ ...test }}
        onChange={(value) => value && onChange(value)}
        disabled={disabled}
      />
    );
  }
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label={t('graphs.condition.of')}>
        <Select
          value={test.node ?? ''}
          disabled={disabled}
          onChange={({ target }) => onChange({ ...test, node: target.value === '' ? undefined : target.value })}
        >
          <option value="">{t('graphs.condition.firstInput')}</option>
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('graphs.condition.path')}>
        <Input
          mono
          value={test.path ?? ''}
          readOnly={disabled}
          placeholder={t('graphs.condition.whole')}
          onChange={({ target }) => onChange({ ...test, path: target.value === '' ? undefined : target.value })}
        />
      </Field>
      <Field label={t('graphs.condition.operator')}>
        <Select
          value={test.op}
          disabled={disabled}
          onChange={({ target }) => {
            const op = operators.find((each) => each === target.value) ?? 'eq';
            onChange({ ...test, op, value: op === 'exists' ? undefined : (test.value ?? '') });
          }}
        >
          {operators.map((op) => (
            <option key={op} value={op}>
              {t(`graphs.condition.operators.${op}`)}
            </option>
          ))}
        </Select>
      </Field>
      {test.op !== 'exists' && (
        <Field label={t('graphs.condition.value')}>
          <Input
            value={String(test.value ?? '')}
            readOnly={disabled}
            onChange={({ target }) => onChange({ ...test, value: typedValue(target.value) })}
          />
        </Field>
      )}
    </div>
  );
}

/** The cases of a condition, in the order in which they are looked at. */
export function ConditionFields({ drawn, nodeKey, node, disabled }: NodeFormProps) {
  const { t } = useTranslation();
  const condition = node.condition ?? { cases: [] };
  const names = drawn.drawing.nodes.filter(({ key }) => key !== nodeKey).map((each) => each.node.name);
  function nameOf(name: string): string {
    return isTerminal(name) ? t(`graphs.terminal.${name === 'start' ? 'start' : 'end'}`) : name;
  }
  function write(change: Partial<typeof condition>) {
    drawn.change(nodeKey, { condition: { ...condition, ...change } });
  }
  function writeCase(at: number, change: Partial<Case>) {
    write({ cases: condition.cases.map((one, index) => (index === at ? { ...one, ...change } : one)) });
  }
  return (
    <fieldset className="flex flex-col gap-4">
      <legend className="mb-2 text-sm font-medium">{t('graphs.condition.cases')}</legend>
      {condition.cases.map(({ when, to }, at) => (
        <div
          key={at}
          role="group"
          aria-label={t('graphs.condition.case', { number: at + 1 })}
          className="flex flex-col gap-3 rounded-lg border border-line p-3"
        >
          <TestFields
            test={when}
            names={names}
            disabled={disabled}
            onChange={(test) => writeCase(at, { when: test })}
          />
          <NamesField
            label={t('graphs.condition.to')}
            value={to}
            options={[...names, 'end']}
            nameOf={nameOf}
            onAdd={(name) => writeCase(at, { to: [...to, name] })}
            onRemove={(name) => writeCase(at, { to: to.filter((each) => each !== name) })}
            disabled={disabled}
          />
          {!disabled && (
            <Button
              size="sm"
              className="self-start"
              onClick={() => write({ cases: condition.cases.filter((_one, index) => index !== at) })}
            >
              <Trash2 aria-hidden className="size-3.5" />
              {t('graphs.condition.remove', { number: at + 1 })}
            </Button>
          )}
        </div>
      ))}
      {!disabled && (
        <Button
          size="sm"
          className="self-start"
          onClick={() => write({ cases: [...condition.cases, { when: { op: 'eq', value: '' }, to: [] }] })}
        >
          <Plus aria-hidden className="size-3.5" />
          {t('graphs.condition.add')}
        </Button>
      )}
      <NamesField
        label={t('graphs.condition.otherwise')}
        hint={t('graphs.condition.otherwiseHint')}
        value={condition.otherwise ?? []}
        options={[...names, 'end']}
        nameOf={nameOf}
        onAdd={(name) => write({ otherwise: [...(condition.otherwise ?? []), name] })}
        onRemove={(name) => write({ otherwise: (condition.otherwise ?? []).filter((each) => each !== name) })}
        disabled={disabled}
      />
    </fieldset>
  );
}
