import { Play } from 'lucide-react';
import { useMemo, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Callable } from '../../lib/api-types.ts';
import type { Params, RunRequest } from '../../lib/calls/run-state.ts';
import { Button } from '../../ui/form/button.tsx';
import { SchemaForm } from '../../ui/schema-form/schema-form.tsx';
import { initial, isSchema, resolve, type Schema } from '../../ui/schema-form/schema.ts';
import { validate, type Problems } from '../../ui/schema-form/validate.ts';
import { expandTemplate, templateVariables } from './uri-template.ts';

const nothingWrong: Problems = new Map();

/** The schema of what an item takes: a tool says it itself, the others are put in the same terms. */
export function schemaOf(item: Callable): Schema {
  if (item.type === 'tool')
    return isSchema(item.definition['inputSchema']) ? item.definition['inputSchema'] : { type: 'object' };
  if (item.type === 'template') {
    const names = templateVariables(item.name);
    return {
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
      required: names,
    };
  }
  const list = Array.isArray(item.definition['arguments']) ? item.definition['arguments'].filter(isSchema) : [];
  return {
    type: 'object',
    properties: Object.fromEntries(
      list.map((each) => [
        String(each['name']),
        { type: 'string', title: each['title'], description: each['description'] },
      ]),
    ),
    required: list.filter((each) => each['required'] === true).map((each) => each['name']),
    additionalProperties: false,
  };
}

function toRequest(serverId: string, item: Callable, value: Params): RunRequest {
  if (item.type === 'tool') return { serverId, method: 'tools/call', name: item.name, arguments: value };
  if (item.type === 'prompt') return { serverId, method: 'prompts/get', name: item.name, arguments: value };
  const uri = item.type === 'template' ? expandTemplate(item.name, value) : item.name;
  return { serverId, method: 'resources/read', name: uri, arguments: {} };
}

interface RequestFormProps {
  serverId: string;
  item: Callable;
  /** Arguments of an earlier call to start from. */
  given: Params | null;
  onRun: (request: RunRequest) => void;
}

export function RequestForm({ serverId, item, given, onRun }: RequestFormProps) {
  const { t } = useTranslation();
  const schema = useMemo(() => schemaOf(item), [item]);
  const [value, setValue] = useState<unknown>(() => given ?? initial(resolve(schema, schema), schema, true) ?? {});
  const [problems, setProblems] = useState<Problems>(nothingWrong);
  const [broken, setBroken] = useState(false);
  function submit(event: FormEvent) {
    event.preventDefault();
    const found = validate(resolve(schema, schema), schema, value);
    setProblems(found);
    if (found.size === 0 && !broken) onRun(toRequest(serverId, item, isSchema(value) ? value : {}));
  }
  function sendAnyway() {
    onRun(toRequest(serverId, item, isSchema(value) ? value : {}));
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      {item.description !== null && (
        <p className="text-sm break-words whitespace-pre-wrap text-ink-2">{item.description}</p>
      )}
      {item.type !== 'resource' && (
        <SchemaForm
          schema={schema}
          value={value}
          onChange={(next) => {
            setValue(next);
            if (problems.size > 0) setProblems(validate(resolve(schema, schema), schema, next));
          }}
          problems={problems}
          onBroken={setBroken}
        />
      )}
      {problems.size > 0 && (
        <p role="alert" className="text-sm font-medium text-bad">
          {t('playground.checkFields', { count: problems.size })}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" disabled={broken} icon={<Play aria-hidden className="size-4" />}>
          {t('playground.run')}
        </Button>
        {problems.size > 0 && <Button onClick={sendAnyway}>{t('playground.sendAnyway')}</Button>}
      </div>
    </form>
  );
}
