import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseSync } from 'oxc-parser';
import type { checkSync } from 'recheck';
import { describe, expect, test } from 'vitest';

/** Whatever a pattern is tried on, the time it takes grows with the length of the text and no faster. */

// The checker in plain JavaScript: the main entry looks for Java and for programs of its own.
const recheck = createRequire(import.meta.url)('recheck/lib/browser.js') as { checkSync: typeof checkSync };

const root = path.join(import.meta.dirname, '..');
const skipped = new Set(['node_modules', 'dist', 'migrations', 'fixtures']);
function isTest(file: string): boolean {
  return /\.test\.tsx?$|\/testing(-\w+)?\.ts$|\/testing\/|\.(gen|local)\.ts$/.test(file);
}

function sourceFiles(directory: string): string[] {
  return readdirSync(path.join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(directory, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : sourceFiles(name);
    return /\.tsx?$/.test(entry.name) && !isTest(name) ? [name] : [];
  });
}

interface Pattern {
  file: string;
  /** As it stands in the file. */
  text: string;
  /** Null where it is put together while the program runs. */
  source: string | null;
  flags: string;
}

function isNode(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function* patternsIn(node: unknown, file: string, text: string): Generator<Pattern> {
  if (!isNode(node)) return;
  const { type, regex, callee, start, end } = node;
  const written = text.slice(Number(start), Number(end));
  if (type === 'Literal' && isNode(regex)) {
    yield { file, text: written, source: String(regex['pattern']), flags: String(regex['flags']) };
  }
  if ((type === 'NewExpression' || type === 'CallExpression') && isNode(callee) && callee['name'] === 'RegExp') {
    yield { file, text: written, source: null, flags: '' };
  }
  for (const child of Object.values(node)) yield* patternsIn(child, file, text);
}

const found = ['apps', 'packages']
  .flatMap((group) => readdirSync(path.join(root, group)).map((name) => `${group}/${name}/src`))
  .flatMap(sourceFiles)
  .flatMap((file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    return [...patternsIn(parseSync(file, text).program, file, text)];
  });

/** Tried on no more than 4 KB of what comes from outside, or on nothing that does: each with the place that sees to it. */
const bounded: readonly { file: string; pattern: string; reason: string }[] = [
  {
    file: 'packages/docker/src/errors.ts',
    pattern: '/manifest (for .* )?(unknown|not found)|pull access denied|name unknown|repository .* not found/i',
    reason: 'codeFor cuts what an engine said to 4 KB',
  },
  {
    file: 'packages/docker/src/errors.ts',
    pattern: '/unauthorized|authentication required|access.*denied/i',
    reason: 'codeFor cuts what an engine said to 4 KB',
  },
  {
    file: 'packages/docker/src/compose/compose-run.ts',
    pattern: '/is not a docker command|unknown (?:shorthand )?(?:flag|command).*compose/i',
    reason: 'withoutNoise cuts what Compose said to 4 KB',
  },
];

/** Put together while the program runs: each with the reason why it is linear all the same. */
const composed: readonly { file: string; pattern: string; reason: string }[] = [
  {
    file: 'apps/web/src/ui/schema-form/validate.ts',
    pattern: "new RegExp(pattern, 'u')",
    reason: 'isCheap lets through what is quick on 256 characters',
  },
  {
    file: 'packages/api/src/dialects/kit/families.ts',
    pattern: 'new RegExp(`^/api/mcp/${mcpWords}(/|$)`)',
    reason: 'fixed words at the start of a path',
  },
  {
    file: 'packages/api/src/dialects/kit/families.ts',
    pattern: 'new RegExp(`^/api/${agentPaths}(/|$)`)',
    reason: 'fixed words at the start of a path',
  },
  {
    file: 'packages/api/src/dialects/kit/families.ts',
    pattern: 'new RegExp(`^/mcp/${mcpWords}(/|$)`)',
    reason: 'fixed words at the start of a path',
  },
  {
    file: 'packages/api/src/dialects/kit/families.ts',
    pattern: 'new RegExp(`^/${agentPaths}(/|$)`)',
    reason: 'fixed words at the start of a path',
  },
  {
    file: 'packages/core/src/access/usernames.ts',
    pattern: "new RegExp(`\\\\p{Script_Extensions=${script}}`, 'u')",
    reason: 'it is tried on one letter',
  },
  {
    file: 'packages/mcp-runtime/src/definitions/schema-fault.ts',
    pattern: "new RegExp(value, 'u')",
    reason: 'it is made and never tried on anything',
  },
];

function isListed(list: typeof bounded, { file, text }: Pattern): boolean {
  return list.some((entry) => entry.file === file && entry.pattern === text);
}

/**
 * Patterns that took the checker long and were found safe, with their flags. The checker's verdict depends on nothing
 * else, so they are checked again in the long tests only. `SAFE_PATTERNS=write` makes the list anew.
 */
const listFile = path.join(import.meta.dirname, 'safe-patterns.json');
const listing = process.env['SAFE_PATTERNS'] ?? 'read';
const listed = JSON.parse(readFileSync(listFile, 'utf8')) as string[];
const verdicts = new Map<string, string>(listing === 'read' ? listed.map((key) => [key, 'safe']) : []);
const slowestUnlistedMs = 15;
const safeAndLong: string[] = [];

/** `safe`, or what is wrong, with a text on which the pattern is slow. */
function verdictOn(source: string, flags: string): string {
  const key = `/${source}/${flags}`;
  const known = verdicts.get(key);
  if (known !== undefined) return known;
  const begun = process.cpuUsage().user;
  let result = recheck.checkSync(source, flags, { timeout: 300_000, randomSeed: 1 });
  // The checker tries what it suspects, and measures time: on a busy machine it suspects too much.
  for (let seed = 2; seed <= 3 && result.status === 'vulnerable'; seed += 1) {
    result = recheck.checkSync(source, flags, { timeout: 300_000, randomSeed: seed });
  }
  const isLong = process.cpuUsage().user - begun > slowestUnlistedMs * 1000;
  if (listing === 'write' && isLong && result.status === 'safe') safeAndLong.push(key);
  const verdict = result.status === 'vulnerable' ? `slow on ${result.attack.pattern}` : result.status;
  verdicts.set(key, verdict);
  return verdict;
}

describe('patterns', () => {
  test('there are some to check', () => {
    expect(found.length).toBeGreaterThan(200);
  });

  test('are linear, or tried on little', { timeout: 1_200_000 }, () => {
    const slow = found
      .filter((pattern) => pattern.source !== null && !isListed(bounded, pattern))
      .map(({ file, text, source, flags }) => ({ file, text, verdict: verdictOn(source ?? '', flags) }))
      .filter(({ verdict }) => verdict !== 'safe');
    if (listing === 'write') writeFileSync(listFile, `${JSON.stringify(safeAndLong.toSorted(), null, 2)}\n`);
    expect(slow).toEqual([]);
  });

  test('that are put together while the program runs are known', () => {
    const unknown = found.filter((pattern) => pattern.source === null && !isListed(composed, pattern));
    expect(unknown.map(({ file, text }) => ({ file, text }))).toEqual([]);
  });

  test('an exception that is none any more is struck off', () => {
    const stale = [...bounded, ...composed].filter(
      ({ file, pattern }) => !found.some((one) => one.file === file && one.text === pattern),
    );
    expect(stale).toEqual([]);
  });
});
