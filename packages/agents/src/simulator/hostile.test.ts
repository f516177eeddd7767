import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '../types.ts';
import { compileApp } from './compile.ts';
import { action, benchOf, instantClock, parameter, virusTotal } from './testing.ts';
import type { Fault, SimulatedAction } from './types.ts';

/** Whatever comes, an answer comes of it: what is sent, and what the author of an app wrote. */

const json = fc.jsonValue({ maxDepth: 4 });
const object = fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), json, { maxKeys: 4 });

const keywords = ['type', 'enum', 'const', 'required', 'properties', 'items', 'anyOf', 'oneOf', 'allOf', 'not', '$ref'];
const more = [
  'minimum',
  'maxLength',
  'minItems',
  'prefixItems',
  'additionalProperties',
  'default',
  'examples',
  'format',
];
const schema: fc.Arbitrary<JsonObject> = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.dictionary(
    fc.constantFrom(...keywords, ...more),
    fc.oneof(
      { maxDepth: 3 },
      json,
      fc.constantFrom('object', 'string', 'integer', 'array', '#', '#/properties/a', 7, -1),
      tie('schema'),
      fc.array(tie('schema'), { maxLength: 3 }),
      fc.dictionary(fc.string({ maxLength: 2 }), tie('schema'), { maxKeys: 3 }),
    ),
    { maxKeys: 4 },
  ),
})).schema;

const pieces = [
  '{{',
  '}}',
  '{%',
  '%}',
  'arguments',
  'state',
  '|',
  'json',
  'fake',
  "'internet.ip'",
  'for a in',
  'if',
  'endfor',
  'endif',
  'assign x =',
  '(1..9)',
  '[0]',
  '.',
  '"',
  'x',
  '1',
  '[{"op":"add","path":"/a","value":1}]',
];
const template = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(' '));

const someAction: fc.Arbitrary<SimulatedAction> = fc
  .record({
    parameters: fc.array(
      fc.record({
        key: fc.string(),
        type: fc.string(),
        required: fc.boolean(),
        default: json,
        options: fc.array(json, { maxLength: 3 }),
      }),
      { maxLength: 3 },
    ),
    inputSchema: fc.option(schema),
    outputSchema: fc.option(schema),
    body: template,
    value: json,
    changes: fc.option(template),
    mode: fc.constantFrom('template', 'static', 'replay', 'none'),
  })
  .map(({ parameters, inputSchema, outputSchema, body, value, changes, mode }) =>
    action('act', {
      parameters: parameters.map(({ key, ...rest }) => parameter(key, rest)),
      inputSchema,
      outputSchema,
      changes,
      answers:
        mode === 'template'
          ? [{ mode, body }]
          : mode === 'static'
            ? [{ mode, value }]
            : mode === 'replay'
              ? [{ mode }]
              : [],
    }),
  );

const methods = ['tools/call', 'tools/list', 'resources/read', 'prompts/get', 'initialize', 'server/discover', 'x'];
const message = fc.oneof(
  json,
  fc.record({
    jsonrpc: fc.constantFrom('2.0', '1.0'),
    id: fc.oneof(fc.integer(), fc.string(), json),
    method: fc.constantFrom(...methods),
    params: fc.oneof(
      json,
      fc.record({ name: fc.constantFrom('act', 'none'), arguments: fc.oneof(object, json), uri: json, _meta: json }),
    ),
  }),
);
const faults: fc.Arbitrary<Fault[]> = fc.array(
  fc.record({
    kind: fc.constant('schema-violation' as const),
    argument: fc.record({ pointer: fc.string(), equals: json, contains: fc.string() }),
  }),
  { maxLength: 2 },
);

test('a reply comes of any message to any app', async () => {
  await fc.assert(
    fc.asyncProperty(
      someAction,
      faults,
      fc.array(message, { minLength: 1, maxLength: 4 }),
      object,
      async (act, faults, messages, initialState) => {
        const bench = benchOf(virusTotal([act], { faults, initialState }), { ports: { clock: instantClock } });
        for (const each of messages) {
          const { reply } = await bench.send(each);
          expect(JSON.stringify(reply)).toBeDefined();
        }
        const called = await bench.call('act', {});
        expect(called.reply).not.toBeNull();
      },
    ),
    { numRuns: 500 },
  );
  expect({}).not.toHaveProperty('op');
});

test('arguments that are too deep or too long are refused', async () => {
  const bench = benchOf(virusTotal([action('act')]));
  let deep: JsonObject = {};
  for (let level = 0; level < 100_000; level += 1) deep = { deep };
  expect((await bench.call('act', deep)).reply).toMatchObject({ error: { code: -32602 } });
  expect((await bench.call('act', { a: 'x'.repeat(2_000_000) })).reply).toMatchObject({ error: { code: -32602 } });
});

test('what is wrong with an app is told when it is made ready', () => {
  const wrong = action('act', {
    answers: [
      { mode: 'static', value: 1 },
      { mode: 'template', body: '{% if' },
    ],
    changes: "{% include 'a' %}",
  });
  const { problems } = compileApp(virusTotal([wrong, wrong]));
  expect(problems.map(({ action: name, part, index }) => [name, part, index])).toEqual([
    ['act', 'answers', 1],
    ['act', 'changes', null],
    ['act', 'name', null],
  ]);
});
