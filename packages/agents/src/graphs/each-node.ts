import type { Message } from '../types.ts';
import type { ItemGraph, VisitContext, ActiveRun } from './active-run.ts';
import type { VisitMessages } from './agent-node.ts';
import { merged } from './merge.ts';
import { textOf } from './messages.ts';
import { fillerOf } from './prompts.ts';
import type { Finished } from './run-progress.ts';
import { longestFilled, TooLong } from './tokens.ts';
import { NodeError, NodeFailed, NodeWaits, type VisitedNode, type GraphEvent, type GraphResult } from './types.ts';
import { deepestJson, isTooDeep, jsonIn, jsonWithin } from './values.ts';

/** The list that a node goes through, as its visit keeps it. */
export async function itemsOf(at: VisitedNode, { scope }: VisitContext, { ports }: ActiveRun): Promise<Message[]> {
  const { node } = at;
  const filler = fillerOf(node, scope, ports.file);
  const template = node.each?.items ?? '';
  const text = template === '' ? filler.unnamed().join('\n\n') : await filler.fill(template);
  if (text.length > longestFilled) throw new TooLong();
  const read = text.trim() === '' ? { json: '[]', value: [] } : jsonWithin(text);
  if (!read && isTooDeep(text)) throw new NodeError({ code: 'deepItems', most: deepestJson });
  if (!Array.isArray(read?.value)) throw new NodeError({ code: 'noItems' });
  const most = node.each?.most ?? 0;
  const { length: count } = read.value;
  if (count > most) throw new NodeError({ code: 'items', count, most });
  return [{ role: 'user', content: read.json }];
}

/** A text as it is, everything else as JSON. */
function textOfItem(item: unknown): string {
  return typeof item === 'string' ? item : (JSON.stringify(item) ?? '');
}

function innerOf({ at, place }: VisitMessages, item: unknown, index: number): ItemGraph {
  const { node, visit, name } = at;
  const { inner: graph, each } = node;
  if (!graph) throw new Error('A node has nothing to do for its items.');
  const text = textOfItem(item);
  const own = new Map([
    ['item', text],
    ['index', String(index)],
  ]);
  const { scope } = place;
  function outputsOf(asked: string): readonly string[] {
    const known = own.get(asked);
    return known === undefined ? scope.outputsOf(asked) : [known];
  }
  // No name of a node has a dot, and visits after the first are numbered.
  const called = `${name}.${visit === 1 ? '' : `${visit}:`}${index}`;
  // A graph of its own knows its own nodes alone.
  const isApart = (each?.graph ?? '') !== '';
  return {
    graph,
    called: (inner) => (isApart ? `${called}.${inner}` : called),
    input: text,
    keepsFailures: each?.on_item_error === 'null',
    around: isApart
      ? null
      : {
          outputsOf,
          globalsOf: (asked) => (own.has(asked) ? outputsOf(asked) : scope.globalsOf(asked)),
          isNode: (asked) => own.has(asked) || scope.isNode(asked),
          hasFields: (asked) => own.has(asked) || scope.hasFields(asked),
        },
  };
}

/** Objects and lists are given as JSON, every other value as text. */
function valueOf(result: GraphResult | null): unknown {
  if (result === null) return null;
  const value = jsonIn(result.final_result);
  return typeof value === 'object' && value !== null ? value : result.final_result;
}

/**
 * Runs the body for each item, a bounded number at the same time; gives the results as a list, in the order of the
 * items.
 */
export async function* forEach(told: VisitMessages, signal: AbortSignal): AsyncGenerator<GraphEvent, Finished> {
  const { at, running } = told;
  const items = jsonIn(told.messages.map(textOf).join('')) as unknown[];
  const stop = new AbortController();
  const ending = AbortSignal.any([signal, stop.signal]);
  const works = items.map((item, index) => () => running.runWithin(innerOf(told, item, index + 1), ending));
  const { results, failures } = yield* merged(works, at.node.each?.parallel ?? 1, () => stop.abort(), {
    goesOn: (error) => error instanceof NodeWaits,
  });
  signal.throwIfAborted();
  const failure = failures.find(({ error }) => !(error instanceof NodeWaits));
  if (failure) throw failure.error instanceof NodeFailed ? failure.error.cause : failure.error;
  if (failures.length > 0) throw new NodeWaits();
  const output = JSON.stringify(results.map((result) => valueOf(result ?? null)));
  if (output.length > longestFilled) throw new TooLong();
  return { output, handoff: null };
}
