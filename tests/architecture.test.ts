import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  circles,
  fieldOfServers,
  files,
  functionsOf,
  imports,
  isTest,
  lineCount,
  outlineOf,
  placesOf,
  read,
  type MeasuredFunction,
} from './house/source.ts';

/** The house's rules that a reader can check by looking: who imports whom, and how long things get. */

const basics = '@switchboard/basics';

/** Imports of our own packages by files below a directory; tests, and the basics that everyone has, apart. */
function ours(directory: string, options: { types: boolean }): string[] {
  return imports
    .filter(({ file, specifier, typeOnly }) => {
      if (!file.startsWith(`${directory}/`) || isTest(file)) return false;
      if (specifier === basics) return false;
      return specifier.startsWith('@switchboard/') && (options.types || !typeOnly);
    })
    .map(({ file, specifier }) => `${specifier} (${file})`);
}

/** What these files import at run time from outside their package, directly or through others. */
function reachedFrom(start: readonly string[]): string[] {
  const within = new Set(start);
  const outside: string[] = [];
  for (const file of within) {
    for (const { specifier } of imports.filter((entry) => entry.file === file && !entry.typeOnly)) {
      if (specifier === basics) continue;
      if (specifier.startsWith('.')) within.add(path.posix.join(path.posix.dirname(file), specifier));
      else outside.push(`${specifier} (${file})`);
    }
  }
  return outside;
}

function allExcept(found: string[], allowed: RegExp): string[] {
  return found.filter((entry) => !allowed.test(entry));
}

describe('imports', () => {
  test('the page takes the api by type and schemas of the core, nothing else of ours', () => {
    expect(
      allExcept(ours('apps/web', { types: true }), /^@switchboard\/(api|core\/[\w-]+\/schema|mcp-runtime\/types) /),
    ).toEqual([]);
    expect(allExcept(ours('apps/web', { types: false }), /^@switchboard\/(api\/client|core\/[\w-]+\/schema) /)).toEqual(
      [],
    );
  });

  test('the api takes the core, and the runtime by type', () => {
    expect(allExcept(ours('packages/api', { types: false }), /^@switchboard\/core(\/[\w-]+){0,2} /)).toEqual([]);
    const byType = /^@switchboard\/(core(\/[\w-]+){0,2}|mcp-runtime\/types) /;
    expect(allExcept(ours('packages/api', { types: true }), byType)).toEqual([]);
  });

  test('the core takes the database, what docker and agents decide without anybody’s answer, reasons, and the rest by type', () => {
    const byValue =
      /^@switchboard\/(agents\/(answers|chat|generation|graphs|graphs\/schema|simulator)|db|db\/words|docker\/rules|mcp-runtime\/reasons) /;
    expect(allExcept(ours('packages/core', { types: false }), byValue)).toEqual([]);
    const byType =
      /^@switchboard\/(agents(\/(answers|chat|generation|graphs|graphs\/schema|simulator))?|db|db\/words|docker(\/rules)?|mcp-runtime\/(reasons|types)) /;
    expect(allExcept(ours('packages/core', { types: true }), byType)).toEqual([]);
  });

  test('database, docker and runtime take nothing of ours but the basics, and these nothing at all', () => {
    expect(reachedFrom(['packages/basics/src/index.ts'])).toEqual([]);
    for (const name of ['db', 'docker', 'mcp-runtime']) expect(ours(`packages/${name}`, { types: true })).toEqual([]);
  });

  test('agents take the way to remote servers and rules over texts from the runtime, and nothing else of ours', () => {
    expect(allExcept(ours('packages/agents', { types: true }), /^@switchboard\/mcp-runtime\/(http|rules) /)).toEqual(
      [],
    );
  });

  test('what the core takes of agents reaches no network, file or process', () => {
    const folders = ['chat', 'graphs', 'simulator'].map((folder) => `packages/agents/src/${folder}/index.ts`);
    const found = reachedFrom(['packages/agents/src/answers.ts', ...folders]);
    // Templates are given to their engine in memory, and made-up values come from lists.
    const pure = /^(@switchboard\/mcp-runtime\/rules|node:crypto|liquidjs|zod|@faker-js\/faker\/locale\/(en|zh_CN)) /;
    expect(allExcept(found, pure)).toEqual([]);
    expect(allExcept(reachedFrom(['packages/mcp-runtime/src/rules.ts']), /^node:crypto /)).toEqual([]);
  });

  test('what docker decides without an engine reaches none, and no file or process', () => {
    const start = 'packages/docker/src/rules.ts';
    const pure = /^(yaml|tar-stream|node:(path|stream|zlib)) /;
    expect(allExcept(reachedFrom([start]), pure)).toEqual([]);
  });

  test('the client of the api takes the router by type', () => {
    const found = imports.filter(
      ({ file, specifier }) => file === 'packages/api/src/client.ts' && specifier.startsWith('.'),
    );
    expect(found.every(({ typeOnly }) => typeOnly)).toBe(true);
  });

  test('a schema takes zod, the lists of the database and files that do the same, so that browsers can have it', () => {
    const schemas = files.filter((file) => /^packages\/core\/src\/[\w-]+\/schema\.ts$/.test(file));
    const same = /^(zod|@switchboard\/db\/words|@switchboard\/agents\/graphs\/schema) /;
    expect(allExcept(reachedFrom(schemas), same)).toEqual([]);
    expect(allExcept(reachedFrom(['packages/agents/src/graphs/schema.ts']), /^zod /)).toEqual([]);
    expect(reachedFrom(['packages/db/src/words.ts'])).toEqual([]);
  });

  test('a dialect takes the core and the kit, never another dialect', () => {
    const found = imports.filter(
      ({ file }) => /^packages\/api\/src\/dialects\/(?!kit\/|index)/.test(file) && !isTest(file),
    );
    const foreign = found.filter(({ file, specifier }) => {
      if (!specifier.startsWith('.')) return /drizzle|@switchboard\/db/.test(specifier);
      const target = path.posix.join(path.posix.dirname(file), specifier);
      const own = path.posix.dirname(file);
      return target.includes('/dialects/') && !target.startsWith(`${own}/`) && !target.includes('/dialects/kit/');
    });
    expect(foreign).toEqual([]);
  });

  test('only drizzle users are the database and the core', () => {
    const found = imports.filter(({ file, specifier }) => specifier.startsWith('drizzle-orm') && !isTest(file));
    expect(found.filter(({ file }) => !/^packages\/(db|core)\//.test(file))).toEqual([]);
  });

  test('only config.ts of the server reads the environment', () => {
    const readers = files.filter((file) => !isTest(file) && /process\.env\b/.test(read(file)));
    expect(readers).toEqual(['apps/server/src/bridge.ts', 'apps/server/src/config.ts']);
  });

  test('relative imports name the file', () => {
    const bare = imports.filter(
      ({ specifier }) => specifier.startsWith('.') && !/\.(tsx?|json|css|svg|mjs)$/.test(specifier),
    );
    expect(bare).toEqual([]);
  });
});

function lineLimit(file: string): number {
  // Tests of one thing share its set-up and are read case by case: cut by length they would set up twice and say less.
  if (/\.test\.tsx?$/.test(file)) return 600;
  return file.endsWith('.tsx') ? 200 : 300;
}

describe('shape', () => {
  test('no files import each other in a circle, types counted', () => {
    expect(circles()).toEqual([]);
  });

  test('the core keeps its own index small, and its folders import files, not each other’s index', () => {
    expect(lineCount(read('packages/core/src/index.ts'))).toBeLessThanOrEqual(80);
    const inside = imports.filter(
      ({ file, specifier }) =>
        file.startsWith('packages/core/') && !isTest(file) && /^\.\.?\/([\w-]+\/)?index\.ts$/.test(specifier),
    );
    expect(inside).toEqual([]);
  });

  test('no barrel grows: what is new comes from the folder it lies in', () => {
    const most: Readonly<Record<string, number>> = { 'packages/docker/src/index.ts': 113 };
    const wide = files
      .map((file) => ({ file, exports: outlineOf(file).exports }))
      .filter(({ file, exports }) => exports > (most[file] ?? 60));
    expect(wide).toEqual([]);
  });
});

describe('entities', () => {
  test('a text field of servers has at most 7 places', () => {
    const places = placesOf(fieldOfServers);
    expect(places).toContain('packages/db/src/schema/servers.ts');
    expect(places.length, places.join(', ')).toBeLessThanOrEqual(7);
  });
});

describe('reasons', () => {
  test('nothing but what others wrote is told without a code', () => {
    const sayers = files.filter((file) => !isTest(file) && /\bsaid\(/.test(read(file)));
    expect(sayers.filter((file) => !file.endsWith('/reasons.ts'))).toEqual([
      // What an error of a server, a provider, a driver, a validator or a reader of documents says.
      'packages/core/src/apps/file.ts',
      'packages/core/src/apps/sources.ts',
      'packages/core/src/calls/rpc-error.ts',
      'packages/core/src/engines/errors.ts',
      'packages/core/src/jobs/envelope.ts',
      'packages/core/src/models/provider-refusal.ts',
      'packages/core/src/verb.ts',
    ]);
    const sentences = sayers.flatMap((file) => [...read(file).matchAll(/\bsaid\(\s*['"`]/g)].map(() => file));
    expect(sentences).toEqual([]);
  });
});

describe('tests', () => {
  test('what has a long form is run whole by npm run test:long', () => {
    const script = read('scripts/test-long.mjs');
    const named = [...script.matchAll(/'([\w-]+\/[\w-]+)'/g)].map(([, file]) => file ?? '');
    const long = imports.filter(({ specifier }) => specifier.endsWith('/support/long.ts')).map(({ file }) => file);
    expect(long.length).toBeGreaterThan(10);
    expect(long.filter((file) => !named.some((name) => file.includes(`${name}.`)))).toEqual([]);
  });

  test('every file whose seconds are kept is there', () => {
    const kept = Object.keys(JSON.parse(read('tests/seconds.json')) as object);
    expect(kept.filter((file) => !files.includes(file))).toEqual([]);
  });
});

describe('names', () => {
  test('a constant is written in camel case like every other value', () => {
    const shouting = files.flatMap((file) =>
      [...read(file).matchAll(/\b(?:const|let)\s+([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)\b(?!\w)/g)]
        .filter(([, name = '']) => name.length > 1)
        .map(([, name]) => `${name} (${file})`),
    );
    expect(shouting).toEqual([]);
  });
});

describe('size', () => {
  const own = files.filter((file) => !/\/fixtures\//.test(file));

  test('a file keeps to 300 lines, a component to 200, a table of tests to 600', () => {
    const long = own
      .map((file) => ({ file, lines: lineCount(read(file).trimEnd()) }))
      .filter(({ file, lines }) => lines > lineLimit(file));
    expect(long).toEqual([]);
  });

  test('a function keeps to 60 lines, a component to 100, a factory of functions that are counted by themselves to 160, on the page to 90', () => {
    function limitOf({ place, inner, isComponent }: MeasuredFunction): number {
      if (isComponent) return 100;
      if (inner < 3) return 60;
      return place.startsWith('apps/web/') ? 90 : 160;
    }
    const long = own
      .filter((file) => !isTest(file))
      .flatMap(functionsOf)
      .map((each) => ({ ...each, limit: limitOf(each) }))
      .filter(({ lines, limit }) => lines > limit);
    expect(long.map(({ place, lines, limit }) => `${place} has ${lines} lines of ${limit}`)).toEqual([]);
  });
});
