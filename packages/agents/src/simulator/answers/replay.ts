import { isObject } from '@switchboard/basics';
import { objectsIn, textIn } from '../../providers/json.ts';
import type { JsonObject } from '../../types.ts';
import { mostPairs, readJson } from '../bounds.ts';
import type { Answer } from '../results.ts';
import { canonical } from '../schema/canonical.ts';
import { withDefaults } from '../tools.ts';
import type { ReplayPair } from '../types.ts';

/** A recorded call, its arguments made comparable. */
interface Recorded {
  pair: ReplayPair;
  /** The JSON of each argument, by name. */
  fields: ReadonlyMap<string, string>;
}

/** The recorded calls of one action. */
export interface ReplayIndex {
  exact: ReadonlyMap<string, ReplayPair>;
  /** The newest first. */
  all: readonly Recorded[];
}

/** One argument that differs from what was recorded. */
interface Difference {
  argument: string;
  /** Absent = it was not given. */
  recorded?: unknown;
  given?: unknown;
}

/** The key of `_meta` under which a replayed answer says that it was recorded for other arguments. */
const replayKey = 'switchboard/replay';

const longestShown = 200;

function normalised(args: JsonObject, inputSchema: JsonObject): JsonObject {
  const present = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));
  return withDefaults(present, inputSchema);
}

function fieldsOf(args: JsonObject): Map<string, string> {
  return new Map(Object.entries(args).map(([name, value]) => [name, canonical(value) ?? 'null']));
}

/** Makes recorded calls of an action ready to be found; where two have the same arguments, the later one counts. */
export function replayIndex(pairs: readonly ReplayPair[], inputSchema: JsonObject): ReplayIndex {
  const kept = pairs.slice(-mostPairs).map((pair) => ({ pair, args: normalised(pair.arguments, inputSchema) }));
  return {
    exact: new Map(kept.map(({ pair, args }) => [canonical(args), pair])),
    all: kept.map(({ pair, args }) => ({ pair, fields: fieldsOf(args) })).reverse(),
  };
}

function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length, longestShown);
  let at = 0;
  while (at < most && a[at] === b[at]) at += 1;
  return at;
}

/** How far two sets of arguments are apart: by the arguments that differ, and then by how early they do. */
function distance(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): number {
  let apart = 0;
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    const [left, right] = [a.get(name), b.get(name)];
    if (left === right) continue;
    apart += 1 - (left === undefined || right === undefined ? 0 : commonStart(left, right) / (longestShown + 1));
  }
  return apart;
}

function nearest(all: readonly Recorded[], fields: ReadonlyMap<string, string>): Recorded | null {
  let best: Recorded | null = null;
  let least = Infinity;
  for (const recorded of all) {
    const apart = distance(recorded.fields, fields);
    if (apart < least) [best, least] = [recorded, apart];
  }
  return best;
}

function shownValue(json: string): unknown {
  return json.length <= longestShown ? (JSON.parse(json) as unknown) : `${json.slice(0, longestShown)}…`;
}

function differences(recorded: ReadonlyMap<string, string>, given: ReadonlyMap<string, string>): Difference[] {
  const names = [...new Set([...recorded.keys(), ...given.keys()])];
  return names
    .filter((name) => recorded.get(name) !== given.get(name))
    .slice(0, 50)
    .map((argument) => {
      const [was, is] = [recorded.get(argument), given.get(argument)];
      return {
        argument,
        ...(was === undefined ? {} : { recorded: shownValue(was) }),
        ...(is === undefined ? {} : { given: shownValue(is) }),
      };
    });
}

/** A recorded result as an answer: it is given as it was. */
function answerOf(result: JsonObject): Answer {
  const { content, structuredContent, isError } = result;
  const texts = objectsIn(content).map((entry) => textIn(entry['text']));
  const text = texts.find((each) => each !== '') ?? '';
  return { text, value: structuredContent ?? readJson(text), isError: isError === true, result };
}

/** The recorded answer for these arguments, or for the nearest ones; null where none was recorded of the action. */
export function replayed(index: ReplayIndex, args: JsonObject, inputSchema: JsonObject): Answer | null {
  const given = normalised(args, inputSchema);
  const exact = index.exact.get(canonical(given));
  if (exact !== undefined) return answerOf(exact.result);
  const fields = fieldsOf(given);
  const near = nearest(index.all, fields);
  if (near === null) return null;
  const { result } = near.pair;
  const told = { match: 'nearest', differs: differences(near.fields, fields) };
  const meta = isObject(result['_meta']) ? result['_meta'] : {};
  return answerOf({ ...result, _meta: { ...meta, [replayKey]: told } });
}
