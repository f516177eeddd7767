import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { ServerState } from '../../ui/feedback/server-state.tsx';
import { Choices } from '../../ui/form/choices.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Select } from '../../ui/form/input.tsx';
import { ConditionFields } from './condition-fields.tsx';
import { EachFields, emptyEach } from './each-fields.tsx';
import { GraphSelect } from './graph-select.tsx';
import { ModelSelect } from './model-select.tsx';
import type { NodeFormProps } from './node-form-props.ts';
import { PromptField } from './prompt-field.tsx';
import { namesFor } from './prompt-names.ts';
import { QuestionFields } from './question-fields.tsx';
import { ToolFields } from './tool-fields.tsx';

function ServersField({ drawn, nodeKey, node, disabled }: NodeFormProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const servers = useQuery(trpc.servers.list.queryOptions({}));
  const items = servers.data?.items ?? [];
  /** A graph may name a server by its id or by its name. */
  function writtenOf({ id, name }: { id: string; name: string }): string {
    return node.mcp_servers.find((each) => each === id || each === name) ?? id;
  }
  const unknown = node.mcp_servers.filter((each) => !items.some(({ id, name }) => each === id || each === name));
  return (
    <Choices
      legend={t('graphs.node.servers')}
      hint={t('graphs.node.serversHint')}
      none={t('graphs.node.noServers')}
      disabled={disabled}
      options={[
        ...items.map((server) => ({
          value: writtenOf(server),
          label: server.name,
          text: `${server.name} ${server.id}`,
          hint: <ServerState server={server} />,
        })),
        ...(servers.data ? unknown : []).map((name) => ({
          value: name,
          label: t('graphs.node.away', { name }),
          text: name,
        })),
      ]}
      value={node.mcp_servers}
      onChange={(chosen) => drawn.change(nodeKey, { mcp_servers: chosen })}
    />
  );
}

const kinds = ['model', 'person', 'condition', 'tool', 'each', 'graph'] as const;
type Kind = (typeof kinds)[number];
const stored = { model: undefined, person: 'human', condition: 'condition', tool: 'tool', each: 'each' } as const;

function kindOf({ is_subgraph: isGraph, kind }: NodeFormProps['node']): Kind {
  if (isGraph) return 'graph';
  if (kind === 'human') return 'person';
  return kind == null || kind === 'agent' ? 'model' : kind;
}

function KindField({ drawn, nodeKey, node }: NodeFormProps) {
  const { t } = useTranslation();
  function choose(kind: Kind) {
    drawn.change(nodeKey, {
      is_subgraph: kind === 'graph',
      // Without one it is a model: documented clients know no kinds.
      kind: kind === 'graph' ? undefined : stored[kind],
      ...(kind === 'person' && { ask: node.ask ?? 'approve' }),
      ...(kind === 'condition' && {
        condition: node.condition ?? { cases: [{ when: { op: 'eq', value: '' }, to: [] }] },
      }),
      ...(kind === 'tool' && { tool: node.tool ?? { server: '', name: '', arguments: {} } }),
      ...(kind === 'each' && {
        each: node.each ?? { ...emptyEach, body: { ...emptyEach.body, model_name: node.model_name } },
      }),
    });
  }
  return (
    <Field label={t('graphs.node.kind')}>
      <Select
        value={kindOf(node)}
        onChange={({ target }) => choose(kinds.find((kind) => kind === target.value) ?? 'model')}
      >
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {t(`graphs.node.kinds.${kind}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}

function Prompts(props: NodeFormProps) {
  const { drawn, nodeKey, node, disabled } = props;
  const { t } = useTranslation();
  const { near, others } = namesFor(props);
  return (
    <>
      <PromptField
        label={t('graphs.node.systemPrompt')}
        value={node.system_prompt}
        onChange={(text) => drawn.change(nodeKey, { system_prompt: text })}
        near={near}
        others={others}
        disabled={disabled}
      />
      <PromptField
        label={t('graphs.node.userPrompt')}
        hint={t('graphs.node.userPromptHint')}
        value={node.user_prompt}
        onChange={(text) => drawn.change(nodeKey, { user_prompt: text })}
        near={near}
        others={others}
        disabled={disabled}
      />
    </>
  );
}

function Work(props: NodeFormProps) {
  const { drawn, nodeKey, node, disabled } = props;
  const { t } = useTranslation();
  switch (kindOf(node)) {
    case 'graph':
      return (
        <GraphSelect
          hint={t('graphs.node.subgraphHint')}
          value={node.subgraph_name}
          onChange={(name) => drawn.change(nodeKey, { subgraph_name: name })}
          disabled={disabled}
        />
      );
    case 'person':
      return <QuestionFields {...props} />;
    case 'condition':
      return <ConditionFields {...props} />;
    case 'tool':
      return (
        <ToolFields tool={node.tool ?? null} onChange={(tool) => drawn.change(nodeKey, { tool })} disabled={disabled} />
      );
    case 'each':
      return <EachFields {...props} />;
    case 'model':
      return (
        <>
          <ModelSelect
            value={node.model_name}
            onChange={(name) => drawn.change(nodeKey, { model_name: name })}
            disabled={disabled}
          />
          <Prompts {...props} />
          <ServersField {...props} />
        </>
      );
  }
}

/** What carries a node out: a model with prompts and tools, a person, a tool, another graph, or a choice. */
export function NodeWork(props: NodeFormProps) {
  return (
    <>
      {!props.disabled && <KindField {...props} />}
      <Work {...props} />
    </>
  );
}
