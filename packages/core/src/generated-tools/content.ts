import { createHash } from 'node:crypto';
import { diffTexts } from '../versions/diff.ts';
import type { ReviewedTool, ToolChange, ToolChanges, ToolContent } from './schema.ts';

/** Tells what a tool is made of from anything else it could be. */
export function hashOf({ files, readme, dependencies }: ToolContent): string {
  const parts = files.toSorted((a, b) => (a.path < b.path ? -1 : 1)).map(({ path, text }) => [path, text]);
  return createHash('sha256')
    .update(JSON.stringify([parts, readme, dependencies]))
    .digest('hex');
}

/** The most pairs of lines that one answer compares. */
const mostCompared = 8_000_000;

function countLines(text: string): number {
  return text.split('\n').length;
}

/** The difference from the reviewed content. */
export function changesOf(before: ReviewedTool | null, now: ToolContent): ToolChanges {
  const old = textsOf(before);
  const texts = textsOf(now);
  let left = mostCompared;
  const changed = [...texts].flatMap(([path, text]): ToolChange[] => {
    const was = old.get(path);
    if (was === text) return [];
    if (was === undefined) return [{ path, change: 'added', diff: null }];
    left -= countLines(was) * countLines(text);
    return [{ path, change: 'changed', diff: left < 0 ? null : diffTexts(was, text) }];
  });
  const removed = [...old.keys()].filter((path) => !texts.has(path));
  return {
    files: [...changed, ...removed.map((path): ToolChange => ({ path, change: 'removed', diff: null }))],
    readme: before?.readme !== now.readme,
    dependencies: before?.dependencies !== now.dependencies,
  };
}

function textsOf(content: ToolContent | null): Map<string, string> {
  return new Map(content?.files.map(({ path, text }) => [path, text]));
}

const longestDescription = 500;

/** The first line of a readme that says something, for lists. */
export function describe(readme: string): string {
  for (const line of readme.slice(0, 16_384).split('\n')) {
    const words = line.replace(/^[#>*\s-]{1,32}/, '').trim();
    if (words !== '') return words.slice(0, longestDescription);
  }
  return '';
}
