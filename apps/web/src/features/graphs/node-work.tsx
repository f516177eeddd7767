import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useTRPC } from '../../lib/trpc.ts';
import { Choices } from '../../ui/choices.tsx';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/input.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { ServerState } from '../../ui/server-state.tsx';
import { useGraph } from './graph-context.ts';
import type { NodeFormProps } from './node-form-props.ts';
import { PromptField } from './prompt-field.tsx';
import { namesFor } from './prompt-names.ts';
import { QuestionFields } from './question-fields.tsx';

function ModelField({ drawn, nodeKey, node, disabled }: NodeFormProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const models = useQuery(trpc.models.list.queryOptions());
  const usable = (models.data ?? []).filter(({ can }) => can.use);
  const known = usable.find(({ id, name }) => id === node.model_name || name === node.model_name);
  return (
    <Field required label={t('graphs.node.model')}>
      <Select
        value={known?.name ?? node.model_name}
        disabled={disabled}
        onChange={({ target }) => drawn.change(nodeKey, { model_name: target.value })}
      >
        {known === undefined && (
          <option value={node.model_name}>
            {node.model_name === '' ? t('graphs.node.chooseModel') : t('graphs.node.away', { name: node.model_name })}
          </option>
        )}
        {usable.map(({ id, name }) => (
          <option key={id} value={name}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}

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

function SubgraphField({ drawn, nodeKey, node, disabled }: NodeFormProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const { id: own } = useGraph();
  const graphs = useQuery(trpc.graphs.list.queryOptions());
  const others = (graphs.data ?? []).filter(({ id, can }) => id !== own && can.use);
  const isKnown = others.some(({ name }) => name === node.subgraph_name);
  return (
    <Field required label={t('graphs.node.subgraph')} hint={t('graphs.node.subgraphHint')}>
      <Select
        value={node.subgraph_name}
        disabled={disabled}
        onChange={({ target }) => drawn.change(nodeKey, { subgraph_name: target.value })}
      >
        {!isKnown && (
          <option value={node.subgraph_name}>
            {node.subgraph_name === ''
              ? t('graphs.node.chooseGraph')
              : t('graphs.node.away', { name: node.subgraph_name })}
          </option>
        )}
        {others.map(({ id, name }) => (
          <option key={id} value={name}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}

function kindOf({ is_subgraph: isGraph, kind }: NodeFormProps['node']): 'model' | 'person' | 'graph' {
  if (isGraph) return 'graph';
  return kind === 'human' ? 'person' : 'model';
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

/** What carries a node out: a model with prompts and tools, or another graph. */
export function NodeWork(props: NodeFormProps) {
  const { drawn, nodeKey, node, disabled } = props;
  const { t } = useTranslation();
  return (
    <>
      {!disabled && (
        <Segmented
          label={t('graphs.node.kind')}
          value={kindOf(node)}
          onChange={(kind) =>
            drawn.change(nodeKey, {
              is_subgraph: kind === 'graph',
              // Without one it is a model: documented clients know no kinds.
              kind: kind === 'person' ? 'human' : undefined,
              ...(kind === 'person' && { ask: node.ask ?? 'approve' }),
            })
          }
          options={[
            { value: 'model', label: t('graphs.node.ofModel') },
            { value: 'person', label: t('graphs.node.ofPerson') },
            { value: 'graph', label: t('graphs.node.ofGraph') },
          ]}
        />
      )}
      {node.is_subgraph ? (
        <SubgraphField {...props} />
      ) : node.kind === 'human' ? (
        <QuestionFields {...props} />
      ) : (
        <>
          <ModelField {...props} />
          <Prompts {...props} />
          <ServersField {...props} />
        </>
      )}
    </>
  );
}
