import i18next from 'i18next';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type { StackCheck } from '../../lib/api-types.ts';
import { tellReason } from '../../lib/reasons.ts';
import type { EditorProblem } from '../../ui/editor/code-editor.tsx';

type Path = (string | number)[];

/** `services.web.volumes[0]` as a way through the document. */
function toPath(where: string): Path {
  return [...where.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? (name ?? '') : Number(index),
  );
}

function lineOfOffset(lines: LineCounter, offset: number): number {
  return Math.max(1, lines.linePos(offset).line);
}

interface Keyed {
  key: unknown;
}

/** The line of the deepest part of the way that is written down. */
function lineOf(document: Document, lines: LineCounter, path: Path): number | null {
  for (let length = path.length; length > 0; length -= 1) {
    const parent: unknown = document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    const items = isNode(parent) && 'items' in parent ? (parent.items as unknown[]) : [];
    const pair = items.find(
      (item): item is Keyed =>
        typeof item === 'object' && item !== null && 'key' in item && String(item.key) === String(last),
    );
    const node: unknown = pair ? pair.key : document.getIn(path.slice(0, length), true);
    const start = isNode(node) ? node.range?.[0] : undefined;
    if (start !== undefined) return lineOfOffset(lines, start);
  }
  return null;
}

/** What Compose's own sentences are about: a line, a place, or a service. */
function placeIn(message: string): { line: number } | { path: Path } | null {
  const line = /\bline (\d+)/.exec(message)?.[1];
  if (line !== undefined) return { line: Number(line) };
  const place = /\b(?:services|networks|volumes|configs|secrets)(?:\.[\w-]+|\[\d+\])+/.exec(message)?.[0];
  const quoted = /propert(?:y|ies) '?"?([\w-]+)/i.exec(message)?.[1];
  if (place !== undefined) return { path: [...toPath(place), ...(quoted === undefined ? [] : [quoted])] };
  const service = /\bservice "([\w.-]+)"/.exec(message)?.[1];
  return service === undefined ? null : { path: ['services', service] };
}

function fromCheck(check: StackCheck, locate: (path: Path) => number): EditorProblem[] {
  const refused = new Set(check.refused.map(({ where, rule }) => `${where} ${rule}`));
  const found = check.found.map(({ where, rule, message }): EditorProblem => ({
    line: locate(toPath(where)),
    message: `${where} ${message} (${rule})`,
    severity: refused.has(`${where} ${rule}`) ? 'error' : 'warning',
  }));
  if (check.error === null) return found;
  const place = placeIn(check.error);
  const line = place === null ? 1 : 'line' in place ? place.line : locate(place.path);
  return [{ line, message: tellReason(check.errorReason, check.error, i18next.t), severity: 'error' }, ...found];
}

/** What is wrong with a stack's content, at its lines: what can be told here, else what the hub says of it. */
export function problemsOf(content: string, check: StackCheck | null): EditorProblem[] {
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines, merge: true, prettyErrors: false });
  const broken = document.errors.map(({ pos, message }): EditorProblem => ({
    line: lineOfOffset(lines, pos[0]),
    message,
    severity: 'error',
  }));
  if (broken.length > 0 || check === null) return broken;
  return fromCheck(check, (path) => lineOf(document, lines, path) ?? 1);
}
