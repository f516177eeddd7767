import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Field } from '../../ui/form/field.tsx';
import { Select } from '../../ui/form/input.tsx';
import type { GraphNode } from './drawing.ts';
import { JsonField } from './json-field.tsx';

type ToolUse = NonNullable<GraphNode['tool']>;

interface ToolFieldsProps {
  tool: ToolUse | null;
  onChange: (tool: ToolUse) => void;
  disabled: boolean;
}

/** Which tool is called, and with what. */
export function ToolFields({ tool, onChange, disabled }: ToolFieldsProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const use = tool ?? { server: '', name: '', arguments: {} };
  const servers = useQuery(trpc.servers.list.queryOptions({}));
  const items = servers.data?.items ?? [];
  const known = items.find(({ id, name }) => id === use.server || name === use.server);
  const tools = useQuery({
    ...trpc.playground.tools.queryOptions({ serverId: known?.id ?? '' }),
    enabled: known !== undefined,
    retry: false,
  });
  const offered = tools.data ?? [];
  const isOffered = offered.some(({ name }) => name === use.name);
  return (
    <>
      <Field required label={t('graphs.tool.server')}>
        <Select
          value={known?.id ?? use.server}
          disabled={disabled}
          onChange={({ target }) => onChange({ ...use, server: target.value, name: '' })}
        >
          {known === undefined && (
            <option value={use.server}>
              {use.server === '' ? t('graphs.tool.chooseServer') : t('graphs.node.away', { name: use.server })}
            </option>
          )}
          {items.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Field required label={t('graphs.tool.name')}>
        <Select
          value={use.name}
          disabled={disabled || known === undefined}
          onChange={({ target }) => onChange({ ...use, name: target.value })}
        >
          {!isOffered && (
            <option value={use.name}>
              {use.name === ''
                ? t('graphs.tool.choose')
                : tools.data
                  ? t('graphs.node.away', { name: use.name })
                  : use.name}
            </option>
          )}
          {offered.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <JsonField
        label={t('graphs.tool.arguments')}
        hint={t('graphs.tool.argumentsHint')}
        value={use.arguments}
        onChange={(value) => onChange({ ...use, arguments: value ?? {} })}
        disabled={disabled}
      />
    </>
  );
}
