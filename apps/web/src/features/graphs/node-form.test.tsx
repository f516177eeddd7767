// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { useEffect } from 'react';
import { expect, test } from 'vitest';
import { graphConfig } from '@switchboard/core/graphs/schema';
import type { Answers } from '../../testing/fake-api.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { exampleServer } from '../../testing/server-things.ts';
import { nodeAt, toGraph, type GraphNode } from './drawing.ts';
import { GraphContext } from './graph-context.ts';
import { NodeForm } from './node-form.tsx';
import type { GraphDetail, Problem } from './types.ts';
import type { Check } from './use-check.ts';
import { useDrawing } from './use-drawing.ts';

const unchecked: Check = { checked: undefined, failed: null } as unknown as Check;

function graphOf(node: object): GraphDetail {
  const config = graphConfig.parse({
    name: 'g',
    nodes: [
      { name: 'first', input_nodes: ['start'], output_nodes: ['work'], global_output: true },
      { name: 'work', input_nodes: ['first'], output_nodes: ['end'], ...node },
      { name: 'last' },
    ],
  });
  return { id: 'g-1', config, updatedAt: '2026-11-01T08:00:00.000Z' } as unknown as GraphDetail;
}

let drawn: ReturnType<typeof useDrawing>;

function shown(now: typeof drawn): void {
  drawn = now;
}

function Form({ graph, check, disabled }: { graph: GraphDetail; check: Check; disabled: boolean }) {
  const now = useDrawing(graph);
  useEffect(() => shown(now));
  const node = nodeAt(now.drawing, 'n1');
  return node && <NodeForm drawn={now} nodeKey="n1" node={node} disabled={disabled} check={check} />;
}

const answers: Answers = {
  'models.list': [
    { id: 'm-1', name: 'fast', can: { use: true } },
    { id: 'm-2', name: 'closed', can: { use: false } },
  ] as never,
  'servers.list': { items: [exampleServer(), exampleServer({ id: 'mail', name: 'Mail' })], total: 2 },
  'graphs.list': [
    { id: 'g-1', name: 'g', can: { use: true } },
    { id: 'g-2', name: 'Other', can: { use: true } },
  ] as never,
};

async function show(
  node: object = {},
  { check = unchecked, disabled = false, more = {} }: { check?: Check; disabled?: boolean; more?: Answers } = {},
) {
  const graph = graphOf(node);
  const page = await renderPage(
    <GraphContext value={graph}>
      <Form graph={graph} check={check} disabled={disabled} />
    </GraphContext>,
    { answers: { ...answers, ...more } },
  );
  await screen.findByLabelText(/^Name/);
  return page;
}

/** The node as it would be stored now. */
function stored(): GraphNode {
  const node = toGraph(drawn.drawing).nodes[1];
  if (!node) throw new Error('The node is gone.');
  return node;
}

test('renames a node when it is left, and what leads there with it', async () => {
  const { user } = await show();
  const name = screen.getByLabelText(/^Name/);
  await user.clear(name);
  await user.type(name, 'labour');
  expect(stored().name).toBe('work');
  await user.tab();
  expect(stored().name).toBe('labour');
  expect(toGraph(drawn.drawing).nodes[0]?.output_nodes).toEqual(['labour']);
});

test.each([
  ['', 'A node needs a name.'],
  ['first', 'Another node has this name.'],
  ['end', '“start” and “end” are reserved.'],
  ['a/b', 'At most 100 characters, without “/”, “\\” and “.”.'],
])('says why a node cannot be called %j, and keeps the name it has', async (typed, problem) => {
  const { user } = await show();
  const name = screen.getByLabelText(/^Name/);
  await user.clear(name);
  if (typed !== '') await user.type(name, typed);
  expect(screen.getByText(problem)).toBeTruthy();
  await user.tab();
  expect(stored().name).toBe('work');
});

test('connects and disconnects a node at both its ends', async () => {
  const { user } = await show();
  await user.selectOptions(screen.getByRole('combobox', { name: 'Leads to' }), 'last');
  expect(stored().output_nodes).toEqual(['end', 'last']);
  expect(toGraph(drawn.drawing).nodes[2]?.input_nodes).toEqual(['work']);
  await user.click(screen.getByRole('button', { name: 'Remove first from “Comes after”' }));
  expect(stored().input_nodes).toEqual([]);
  expect(toGraph(drawn.drawing).nodes[0]?.output_nodes).toEqual([]);
});

test.each([
  ['7', 7],
  ['5000', 1000],
  ['-3', 0],
])('bounds hand-offs: %s is %i', async (typed, kept) => {
  const { user } = await show();
  const field = screen.getByLabelText('Hand-offs');
  await user.click(field);
  await user.clear(field);
  await user.paste(typed);
  expect(stored().handoffs).toBe(kept);
});

test('says what is wrong with this node, and not with others', async () => {
  const problems = [
    { node: 'work', why: { code: 'x', params: {}, text: 'It has no model.' } },
    { node: 'first', why: { code: 'x', params: {}, text: 'It leads nowhere.' } },
  ] as unknown as Problem[];
  await show({}, { check: { checked: { problems, warnings: [], levels: {} }, failed: null } as unknown as Check });
  expect(screen.getByText('1 problem')).toBeTruthy();
  expect(screen.getByText('It has no model.')).toBeTruthy();
  expect(screen.queryByText('It leads nowhere.')).toBeNull();
});

test('offers models that may be used, and shows one that is not there', async () => {
  const { user } = await show({ model_name: 'gone' });
  const model = screen.getByRole('combobox', { name: 'Model' });
  await within(model).findByRole('option', { name: 'fast' });
  expect(within(model).queryByRole('option', { name: 'closed' })).toBeNull();
  expect(within(model).getByRole('option', { name: 'gone (not available)' })).toHaveProperty('selected', true);
  await user.selectOptions(model, 'fast');
  expect(stored().model_name).toBe('fast');
});

test('keeps a server by the name that the graph uses, and shows one that is gone', async () => {
  const { user } = await show({ mcp_servers: ['Mail', 'old'] });
  const mail = await screen.findByRole('checkbox', { name: 'Mail' });
  expect(mail).toHaveProperty('checked', true);
  expect(screen.getByRole('checkbox', { name: 'old (not available)' })).toHaveProperty('checked', true);
  await user.click(screen.getByRole('checkbox', { name: 'Docs' }));
  await user.click(mail);
  expect(stored().mcp_servers).toEqual(['old', 'docs']);
});

test.each([
  ['A person', { kind: 'human', ask: 'approve' }],
  ['A condition', { kind: 'condition', condition: { cases: [{ when: { op: 'eq', value: '' }, to: [] }] } }],
  ['A tool', { kind: 'tool', tool: { server: '', name: '', arguments: {} } }],
  ['Another graph', { is_subgraph: true }],
] as const)('becomes %s with what that needs', async (kind, expected) => {
  const { user } = await show();
  await user.selectOptions(screen.getByLabelText('What does the work'), kind);
  expect(stored()).toMatchObject(expected);
});

test('goes back to a model without a word for it, since documented clients know no kinds', async () => {
  const { user } = await show({ kind: 'human', ask: 'answer' });
  await user.selectOptions(screen.getByLabelText('What does the work'), 'A model');
  expect(stored().kind).toBeUndefined();
});

test('offers other graphs, never itself', async () => {
  const { user } = await show({ is_subgraph: true });
  const graph = await screen.findByLabelText(/^Graph/);
  await within(graph).findByRole('option', { name: 'Other' });
  expect(within(graph).queryByRole('option', { name: 'g' })).toBeNull();
  await user.selectOptions(graph, 'Other');
  expect(stored().subgraph_name).toBe('Other');
});

const condition = { kind: 'condition', condition: { cases: [{ when: { op: 'eq', value: 'x' }, to: ['end'] }] } };

test('writes the cases of a condition: numbers as numbers, a test without a value where none is needed', async () => {
  const { user } = await show(condition);
  const first = within(screen.getByRole('group', { name: 'Case 1' }));
  await user.clear(first.getByLabelText('Value'));
  await user.type(first.getByLabelText('Value'), '42');
  await user.selectOptions(first.getByLabelText('Output of'), 'first');
  await user.type(first.getByLabelText('Field'), 'a.b');
  await user.selectOptions(first.getByLabelText('Comparison'), 'is greater than');
  expect(stored().condition?.cases[0]?.when).toMatchObject({ node: 'first', path: 'a.b', op: 'gt', value: 42 });
  await user.selectOptions(first.getByLabelText('Comparison'), 'exists');
  expect(first.queryByLabelText('Value')).toBeNull();
  expect(stored().condition?.cases[0]?.when.value).toBeUndefined();
});

test('adds and removes cases, and says what is done where none holds', async () => {
  const { user } = await show(condition);
  await user.click(screen.getByRole('button', { name: 'Add case' }));
  expect(screen.getAllByRole('group', { name: /^Case \d/ })).toHaveLength(2);
  await user.click(screen.getByRole('button', { name: 'Remove case 1' }));
  expect(stored().condition?.cases).toEqual([{ when: { op: 'eq', value: '' }, to: [] }]);
  await user.selectOptions(screen.getByRole('combobox', { name: 'Otherwise' }), 'last');
  expect(stored().condition?.otherwise).toEqual(['last']);
});

test('shows a test of several as JSON, and takes only an object', async () => {
  const { user } = await show({
    kind: 'condition',
    condition: { cases: [{ when: { all: [{ op: 'exists' }] }, to: [] }] },
  });
  const field = screen.getByLabelText('Test as JSON');
  await user.clear(field);
  await user.click(field);
  await user.paste('[1]');
  expect(screen.getByText('This is not a JSON object.')).toBeTruthy();
  expect(stored().condition?.cases[0]?.when).toMatchObject({ all: [{ op: 'exists' }] });
});

test('chooses a tool of a server, and forgets it with the server', async () => {
  const { user } = await show(
    { kind: 'tool', tool: { server: 'docs', name: 'search', arguments: {} } },
    { more: { 'playground.tools': [{ name: 'search' }, { name: 'read' }] as never } },
  );
  const tool = screen.getByLabelText(/^Tool/);
  await within(tool).findByRole('option', { name: 'read' });
  await user.selectOptions(tool, 'read');
  expect(stored().tool).toMatchObject({ server: 'docs', name: 'read' });
  await user.selectOptions(screen.getByLabelText(/^MCP server/), 'Mail');
  expect(stored().tool).toMatchObject({ server: 'mail', name: '' });
});

test('undoes typing of one field at once', async () => {
  const { user } = await show();
  await user.type(screen.getByLabelText('Description'), 'It works.');
  expect(stored().description).toBe('It works.');
  drawn.undo();
  await expect.poll(() => stored().description).toBe('');
});

test('changes nothing for people who may only look', async () => {
  await show(condition, { disabled: true });
  expect(screen.getByLabelText(/^Name/)).toHaveProperty('readOnly', true);
  expect(screen.queryByRole('button', { name: /^Remove|^Add/ })).toBeNull();
});
