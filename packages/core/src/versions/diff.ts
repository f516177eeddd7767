import type { DiffLine, TextDiff } from './schema.ts';

/** Beyond this many changed lines the texts are shown as removed and added as a whole. */
const mostCells = 4_000_000;

function same(text: string): DiffLine {
  return { type: 'same', text };
}
function added(text: string): DiffLine {
  return { type: 'add', text };
}
function removed(text: string): DiffLine {
  return { type: 'remove', text };
}

/** Lengths of the longest common ends of both lists, from each pair of places on. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array[] {
  const rows = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const row = rows[i] ?? new Uint32Array();
      const next = rows[i + 1] ?? new Uint32Array();
      row[j] = before[i] === after[j] ? (next[j + 1] ?? 0) + 1 : Math.max(next[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return rows;
}

function middle(before: readonly string[], after: readonly string[]): DiffLine[] {
  if (before.length * after.length > mostCells) return [...before.map(removed), ...after.map(added)];
  const lengths = commonLengths(before, after);
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const [left, right] = [before[i], after[j]];
    if (left !== undefined && left === right) {
      lines.push(same(left));
      i += 1;
      j += 1;
    } else if (
      left !== undefined &&
      (right === undefined || (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))
    ) {
      lines.push(removed(left));
      i += 1;
    } else if (right !== undefined) {
      lines.push(added(right));
      j += 1;
    }
  }
  return lines;
}

/** The difference of two texts, line by line. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < fresh.length - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1;
  return [
    ...old.slice(0, head).map(same),
    ...middle(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail)),
    ...old.slice(old.length - tail).map(same),
  ];
}

/** Unchanged lines that are shown around a change. */
const context = 3;
/** Lines of one diff that are shown. */
const mostShown = 2_000;

/** The difference of two texts: changed lines, the lines around them, and the number of lines left out. */
export function diffTexts(before: string, after: string): TextDiff {
  const all = diffLines(before, after);
  const changes = all.flatMap(({ type }, at) => (type === 'same' ? [] : [at]));
  const lines: TextDiff['lines'] = [];
  let shown = 0;
  let next = 0;
  function skipTo(at: number) {
    if (at > next) lines.push({ type: 'skip', count: at - next });
    next = Math.max(next, at);
  }
  for (const change of changes) {
    if (shown >= mostShown) break;
    if (change - context > next) skipTo(change - context);
    const around = all.slice(next, change + context + 1);
    lines.push(...around);
    shown += around.length;
    next += around.length;
  }
  const last = changes.at(-1);
  const isCut = last !== undefined && last >= next;
  if (last !== undefined && !isCut) skipTo(all.length);
  function count(type: DiffLine['type']) {
    return all.filter((line) => line.type === type).length;
  }
  return { lines, added: count('add'), removed: count('remove'), isCut };
}
