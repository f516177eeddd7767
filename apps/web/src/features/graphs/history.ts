/** What is changed step by step, and can be taken back. */
export interface History<Value> {
  past: readonly Value[];
  now: Value;
  future: readonly Value[];
  /** Of the last change: further ones of the same tag are taken back together with it. */
  tag: string | null;
}

const mostSteps = 200;

export function begin<Value>(now: Value): History<Value> {
  return { past: [], now, future: [], tag: null };
}

/** A change; null as a tag is a step by itself. */
export function change<Value>(history: History<Value>, now: Value, tag: string | null = null): History<Value> {
  if (now === history.now) return history;
  const joins = tag !== null && tag === history.tag && history.past.length > 0;
  const past = joins ? history.past : [...history.past.slice(1 - mostSteps), history.now];
  return { past, now, future: [], tag };
}

export function undo<Value>(history: History<Value>): History<Value> {
  const last = history.past.at(-1);
  if (last === undefined) return history;
  return { past: history.past.slice(0, -1), now: last, future: [history.now, ...history.future], tag: null };
}

export function redo<Value>(history: History<Value>): History<Value> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.now], now: next, future, tag: null };
}
