import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { buildDocument, dialects, listRoutes, type ListedRoute } from '@switchboard/api/dialects';
import { requirements } from './compat/verifies.ts';
import { files, read } from './house/source.ts';

/** `docs/apis` describes the routes that are served: no row is missing, and no route, status or field is invented. */

const root = path.join(import.meta.dirname, '..');
const apis = ['containers', 'hub', 'simulator', 'agents', 'registry'];
const routes = listRoutes(dialects);

/** `{name}` for every parameter, without a final slash. */
function comparable(route: string): string {
  return route.replace(/\{\w+\}/g, '{}').replace(/(.)\/$/, '$1');
}

const served = new Map(routes.map((listed) => [comparable(`${listed.route.method} ${listed.route.path}`), listed]));

type Json = { content?: Record<string, { schema?: Schema }> };

interface Section {
  row: number;
  /** Method and path. */
  route: string;
  text: string;
}

interface Described {
  api: string;
  text: string;
  sections: Section[];
  /** Method and path of each route of the last table. */
  added: string[];
}

function describedBy(api: string): Described {
  const text = readFileSync(path.join(root, 'docs/apis', `${api}.md`), 'utf8');
  const [rows = '', added = ''] = text.split('## Added by this hub');
  const sections = rows.split(/^#{2,3} /m).flatMap((part) => {
    const [, row, route] = /^(\d+)\. `([A-Z]+ \S+)`\n/.exec(part) ?? [];
    return row === undefined || route === undefined ? [] : [{ row: Number(row), route, text: part }];
  });
  return { api, text, sections, added: [...added.matchAll(/^\| `([A-Z]+ \S+)` \|/gm)].map((match) => match[1] ?? '') };
}

const described = apis.map(describedBy);

/** Statuses that a part of a section names. */
function statusesOf(section: Section, part: string): number[] {
  const line = section.text.split('\n').find((each) => each.startsWith(`- **${part}**`)) ?? '';
  return [...line.matchAll(/(?<![\d,])[2345]\d\d\b(?! (?:characters|at most))/g)].map(([status]) => Number(status));
}

function servedAs({ route }: Section): ListedRoute | undefined {
  return served.get(comparable(route));
}

/** Fields of the first level that a route takes. */
function fieldsOf({ route, inputs }: ListedRoute): string[] {
  const names = inputs.flatMap((input) => (input instanceof z.ZodObject ? Object.entries(input.shape) : []));
  // What is only there to be refused is no field.
  const taken = names.filter(
    ([, schema]) => JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })) !== neverText,
  );
  return taken.map(([name]) => name).filter((name) => name !== route.body);
}
const neverText = JSON.stringify(z.toJSONSchema(z.never().optional(), { io: 'input' }));

describe.each(described)('the file of the API $api', ({ api, text, sections, added }) => {
  test('has every documented row, with its route, once and in order', () => {
    const rows = requirements.filter(({ row }) => sections.some((section) => section.row === row));
    expect(sections.map(({ row, route }) => `${row} ${comparable(route)}`)).toEqual(
      rows.map(({ row, route }) => `${row} ${comparable(route)}`),
    );
    const source = readFileSync(path.join(root, 'tests/compat', api, 'requirements.ts'), 'utf8');
    expect(sections.map(({ row }) => row)).toEqual([...source.matchAll(/\brow: (\d+)/g)].map(([, row]) => Number(row)));
  });

  test('names routes that are served, and every route that the hub added', () => {
    const beside = new Set(requirements.filter((one) => one.beside).map(({ row }) => row));
    const absent = sections.filter((section) => !beside.has(section.row) && !servedAs(section));
    expect(absent.map(({ row }) => row)).toEqual([]);
    const beyond = routes.filter(({ route }) => route.dialect === api && route.beyond);
    expect(added.map(comparable).toSorted()).toEqual(
      beyond.map(({ route }) => comparable(`${route.method} ${route.path}`)).toSorted(),
    );
  });

  test.each(sections)('tells the statuses of row $row', (section) => {
    const listed = servedAs(section);
    if (!listed) return;
    const { status = 200, alsoAnswers = [], errors } = listed.route;
    expect([...new Set(statusesOf(section, 'Answers'))]).toEqual([status, ...alsoAnswers]);
    const refused = new Set(
      statusesOf(section, 'Refuses').filter((one) => !alsoAnswers.includes(one) || errors.includes(one)),
    );
    expect(refused).toEqual(new Set(errors));
  });

  test.each(sections)('names what row $row takes', (section) => {
    const listed = servedAs(section);
    if (!listed) return;
    const missing = fieldsOf(listed).filter((name) => !text.includes(`\`${name}\``));
    expect(missing).toEqual([]);
  });
});

type Schema = { $ref?: string; properties?: Record<string, Schema>; items?: Schema; anyOf?: Schema[] };
const document = buildDocument(dialects, routes, { version: '1', url: 'http://127.0.0.1' });

/** Fields that an answer has beside each other, those of its parts not counted; an envelope is no field. */
function namesIn(schema: Schema = {}): string[] {
  const { $ref, properties, items, anyOf = [] } = schema;
  const named = $ref === undefined ? {} : (document.components?.schemas?.[$ref.split('/').at(-1) ?? ''] as Schema);
  const own = Object.entries(properties ?? {}).flatMap(([name, each]) => (name === 'data' ? namesIn(each) : [name]));
  return [...own, ...(items ? namesIn(items) : []), ...anyOf.flatMap(namesIn), ...($ref ? namesIn(named) : [])];
}

describe.each(described)('answers of the API $api', ({ sections, text }) => {
  test.each(sections)('are told with their fields: row $row', (section) => {
    const listed = servedAs(section);
    if (!listed) return;
    const { method, path: at, status = 200 } = listed.route;
    const operation = (document.paths as Record<string, Record<string, { responses: Record<string, Json> }>>)[at]?.[
      method.toLowerCase()
    ];
    const schema = operation?.responses[status]?.content?.['application/json']?.schema;
    expect([...new Set(namesIn(schema))].filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});

test('every row is in one of the files', () => {
  const rows = described.flatMap(({ sections }) => sections.map(({ row }) => row)).toSorted((a, b) => a - b);
  expect(rows).toEqual(requirements.map(({ row }) => row).toSorted((a, b) => a - b));
});

function documentsIn(directory: string): string[] {
  return readdirSync(path.join(root, directory))
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.posix.join(directory, name));
}
const rooms = ['apps', 'packages'].flatMap((group) =>
  readdirSync(path.join(root, group)).map((name) => `${group}/${name}`),
);
const documents = ['.', 'tests', 'docs', 'docs/adr', 'docs/apis', ...rooms].flatMap(documentsIn);

test('links between documents lead to files that exist', () => {
  const dead = documents.flatMap((file) =>
    [...read(file).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map((match) => match[1] ?? '')
      .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(path.join(root, path.dirname(file), target)))
      .map((target) => `${file}: ${target}`),
  );
  expect(dead).toEqual([]);
});

test('a documented API is called by its name, and nothing refers to a text outside of the project', () => {
  const outside = /\bseeds? 0\d\d\b|\.\.\/shared\/|\(design(?:\.md)?[:,)]|\/work\//i;
  const own = path.posix.join('tests', path.basename(import.meta.filename));
  const found = [...documents, ...files.filter((file) => file !== own)].flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, index) => (outside.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});
