import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resultOf } from './run.ts';
import type { FlatGraph } from './schema.ts';
import { flat, graphOf, run, textOf, withTool, type ScriptedAnswer } from './testing.ts';
import { NodeFailed, type GraphPorts, type NodeVisit } from './types.ts';

/** Graphs of all kinds of nodes, made up, against a plain interpreter. */

/** What a model says: a number that depends on what it was asked. */
function numberOf(text: string): number {
  let sum = 7;
  for (const letter of text) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 10_007;
  return sum % 10;
}
const broken = 3;
const say: ScriptedAnswer = (node, messages) => {
  const n = numberOf(`${node}${textOf(messages)}`);
  if (n === broken) throw new Error(`${node} broke`);
  return JSON.stringify({ n });
};

interface Plan {
  kind: 'agent' | 'condition' | 'tool' | 'each';
  from: number[];
  to: number[];
  other: number[];
  onError: boolean;
}
const planned = fc.array(
  fc.record({
    kind: fc.constantFrom('agent' as const, 'condition' as const, 'tool' as const, 'each' as const),
    from: fc.array(fc.nat(5), { maxLength: 2 }),
    to: fc.array(fc.nat(5), { minLength: 1, maxLength: 2 }),
    other: fc.array(fc.nat(5), { maxLength: 2 }),
    onError: fc.boolean(),
  }),
  { minLength: 2, maxLength: 7 },
);

/** Links lead forward; what is none, or leads back, is `start` and `end`. */
function graphFrom(plans: readonly Plan[]): FlatGraph {
  function names(list: readonly number[], at: number): string[] {
    const later = list.map((step) => at + 1 + step).filter((index) => index < plans.length);
    return later.length === 0 ? ['end'] : [...new Set(later.map((index) => `n${index}`))];
  }
  function inputsAt(at: number): string[] {
    const from = plans[at]?.from ?? [];
    return at === 0 ? ['start'] : [...new Set(from.map((back) => `n${Math.max(0, at - 1 - back)}`))];
  }
  // Nodes beside each other do not see each other: templates name what is waited for.
  function seenAt(at: number): string {
    const [first] = inputsAt(at);
    return first === undefined ? '' : `{${first}}`;
  }
  const nodes = plans.map(({ kind, to, other, onError }, at) => ({
    name: `n${at}`,
    kind,
    input_nodes: inputsAt(at),
    output_nodes: kind === 'condition' ? [] : names(to, at),
    ...(kind === 'condition' && {
      condition: {
        cases: [{ when: { path: 'n', op: 'lt', value: 5 }, to: names(to, at) }],
        otherwise: names(other, at),
      },
    }),
    ...(kind === 'tool' && { tool: { server: 's', name: 'count', arguments: { text: `${seenAt(at)}${at}` } } }),
    ...(kind === 'each' && {
      each: {
        items: '["a","b","c"]',
        parallel: 2,
        on_item_error: at % 2 ? 'null' : 'fail',
        body: { model_name: 'm', user_prompt: `{item} ${seenAt(at)}` },
      },
    }),
    ...(onError && kind !== 'condition' && { on_error: names(other, at), attempts: { retries: 1, wait_ms: 0 } }),
  }));
  return flat(graphOf('random', nodes));
}

/** The same without levels, journal or anything at once: what each node came to, in the order they are written. */
function interpreted({ nodes }: FlatGraph): Map<string, string> | null {
  const came = new Map<string, { output: string; failed: boolean; branch: readonly string[] | null } | null>();
  const outputs = new Map([['start', 'in']]);
  for (const node of nodes) {
    const before = nodes.filter(
      ({ name, output_nodes: to, on_error: onError, condition }) =>
        name !== node.name &&
        (node.input_nodes.includes(name) ||
          [
            ...to,
            ...(onError ?? []),
            ...(condition?.cases.flatMap((one) => one.to) ?? []),
            ...(condition?.otherwise ?? []),
          ].includes(node.name)),
    );
    const isReached = before.some(({ name, output_nodes: to, on_error: onError, condition }) => {
      const was = came.get(name);
      if (!was) return false;
      if (was.failed) return onError?.includes(node.name) ?? false;
      const targets = [...(condition?.cases.flatMap((one) => one.to) ?? []), ...(condition?.otherwise ?? [])];
      if (was.branch && targets.includes(node.name)) return was.branch.includes(node.name);
      return to.includes(node.name) || !(onError?.includes(node.name) ?? false);
    });
    if (before.length > 0 && !isReached) {
      came.set(node.name, null);
      continue;
    }
    function output(name: string): string {
      return outputs.get(name) ?? '';
    }
    const inputs = node.input_nodes.map(output).filter((text) => text !== '');
    const number = Number(node.name.slice(1));
    function said(prompt: string): string | null {
      const n = numberOf(`${node.name}user:${prompt}`);
      return n === broken ? null : JSON.stringify({ n });
    }
    let result: string | null;
    let branch: readonly string[] | null = null;
    if (node.kind === 'condition') {
      const first = output(node.input_nodes[0] ?? 'start');
      result = inputs.join('\n\n');
      const value = first.startsWith('{') ? (JSON.parse(first) as { n?: number }).n : undefined;
      branch = (value !== undefined && value < 5 ? node.condition?.cases[0]?.to : node.condition?.otherwise) ?? [];
    } else if (node.kind === 'tool') result = toolSays(output(node.input_nodes[0] ?? '') + String(number));
    else if (node.kind === 'each') {
      const each = ['a', 'b', 'c'].map((item) => said(`${item} ${output(node.input_nodes[0] ?? '')}`));
      const isFailed = each.includes(null) && node.each?.on_item_error === 'fail';
      result = isFailed
        ? null
        : JSON.stringify(each.map((one) => (one === null ? null : (JSON.parse(one) as unknown))));
    } else result = said(inputs.join('\n\n'));
    if (result === null && (node.on_error ?? []).length === 0) return null;
    outputs.set(node.name, result ?? 'failed');
    came.set(node.name, { output: result ?? 'failed', failed: result === null, branch });
  }
  outputs.delete('start');
  return outputs;
}

function toolSays(text: string): string | null {
  const n = numberOf(text);
  return n === broken ? null : JSON.stringify({ n });
}

function randomPorts(): GraphPorts & { turns: number } {
  const { ports } = withTool(say, ({ text }) => {
    const said = toolSays(String(text));
    if (said === null) throw new Error('broke');
    return said;
  });
  ports.told = () => 'failed';
  return ports;
}

function outputsOf(past: readonly NodeVisit[]): Map<string, string> {
  return new Map(
    past.flatMap(({ node, output, done }) => (done && !node.includes('.') ? [[node, output ?? ''] as const] : [])),
  );
}

test('graphs of all kinds come to what a plain interpreter says, and after every prefix of what was kept', async () => {
  await fc.assert(
    fc.asyncProperty(planned, async (plans) => {
      const graph = graphFrom(plans);
      const expected = interpreted(graph);
      if (expected === null) {
        await expect(run(graph, randomPorts())).rejects.toBeInstanceOf(NodeFailed);
        return;
      }
      const whole = await run(graph, randomPorts());
      expect(outputsOf(whole.past)).toEqual(expected);
      for (let most = 0; most < whole.events; most += 1) {
        const cut = await run(graph, randomPorts(), { most });
        const rest = await run(graph, randomPorts(), { past: cut.past });
        expect(rest.result, `after ${most} events`).toEqual(whole.result);
        expect(resultOf({ graph, input: 'in', past: rest.past })).toEqual(whole.result);
        // What had ended is not done again.
        const kept = cut.past.filter(({ done }) => done);
        for (const visit of kept) expect(rest.past).toContainEqual(visit);
      }
    }),
    { numRuns: 40 },
  );
}, 120_000);
