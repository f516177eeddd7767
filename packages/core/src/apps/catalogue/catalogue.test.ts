import { describe, expect, test } from 'vitest';
import { compileApp } from '@switchboard/agents/simulator';
import { CreateApp } from '../schema.ts';
import { catalogue } from './catalogue.ts';
import { callerOf, simulated } from './testing.ts';

const hostile = [
  'a "quoted" text',
  "it's\r\nin two\tlines\\",
  '{{ state | json }}{% assign x = 1 %}',
  '~/a~1b/../~',
  '😀 张伟 \u2028 \ud800',
  '',
  '__proto__',
  'constructor',
  'size',
  'first',
  '0',
  '-',
  '"}], "x": [{"a": "',
  'x'.repeat(5_000),
];

type Values = Record<string, unknown>;
type Action = NonNullable<CreateApp['actions']>[number];
type Parameter = Action['parameters'][number];

/** A value of a parameter's type; texts are the given one. */
function valueFor({ type, options, items, properties }: Parameter, text: string): unknown {
  if (options !== undefined) return options[text.length % options.length];
  if (type === 'Integer') return 10;
  if (type === 'Boolean') return text.length % 2 === 0;
  if (type === 'Array') return items?.['type'] === 'integer' ? [1, 2] : [text, text];
  if (type === 'Object') return Object.fromEntries(Object.keys(properties ?? {}).map((key) => [key, text]));
  return text;
}

function argumentsFor({ parameters }: Action, text: string, options: { all: boolean }): Values {
  const given = parameters.filter(({ required }) => options.all || required);
  return Object.fromEntries(given.map((parameter) => [parameter.key, valueFor(parameter, text)]));
}

function idOf({ category, name }: CreateApp): string {
  return `${category}/${name}`;
}

/** Values that are in the answer must be what was given, whatever it was. */
function assertEchoes(value: Values, args: Values): void {
  for (const [key, given] of Object.entries(args)) {
    if (Object.hasOwn(value, key) && typeof value[key] === 'string') expect(value[key]).toBe(given);
  }
}

describe('the catalogue', () => {
  test('has each product once', () => {
    const ids = catalogue.map((app) => idOf(app).toLowerCase());
    expect(new Set(catalogue.map(idOf)).size).toBe(ids.length);
  });

  test('has what callers of the documented products expect', () => {
    const named = new Map(catalogue.map((app) => [idOf(app), app.actions?.map(({ name }) => name) ?? []]));
    expect(named.get('Security/VirusTotal')).toEqual(expect.arrayContaining(['query_ip', 'scan_url']));
    const scan = catalogue
      .find((app) => app.name === 'VirusTotal')
      ?.actions?.find(({ name }) => name === 'scan_url')
      ?.parameters.map(({ key, required, options }) => ({ key, required, options }));
    expect(scan).toEqual([
      { key: 'target_url', required: true, options: undefined },
      { key: 'scan_type', required: false, options: ['quick', 'full'] },
    ]);
  });
});

describe.each(catalogue.map((app) => ({ id: idOf(app), app })))('$id', ({ id, app }) => {
  const actions = app.actions ?? [];

  test('is a product that can be made', () => {
    expect(CreateApp.parse(app)).toEqual(app);
    expect(compileApp(simulated(app)).problems).toEqual([]);
  });

  test('says what it, its actions and their parameters are', () => {
    const said = [
      app.displayName,
      app.description,
      ...actions.flatMap((action) => [action.displayName, action.description]),
      ...actions.flatMap((action) => action.parameters.map(({ description }) => description)),
    ];
    expect(said.filter((text) => !text || !/\p{Script=Han}/u.test(text))).toEqual([]);
    expect(actions.filter(({ annotations }) => annotations?.['readOnlyHint'] === undefined)).toEqual([]);
  });

  test('what only reads changes nothing', () => {
    for (const { annotations, changes } of actions)
      if (annotations?.['readOnlyHint'] === true) expect(changes).toBeNull();
  });

  test.each(actions.map((action) => ({ name: action.name, action })))(
    '$name answers JSON, whatever it is given',
    async ({ name, action }) => {
      expect(action.answers.map(({ mode }) => mode)).toEqual(['model', 'template']);
      for (const text of ['10.20.1.15', 'H-1001', 'SEC-101', 'GigabitEthernet0/0/1', ...hostile]) {
        for (const all of [true, false]) {
          const args = argumentsFor(action, text, { all });
          // A new caller each: what one call leaves behind is no excuse for the next.
          const { value, isError } = await callerOf(app).ask(id, name, args);
          // The engine leads no path through the prototype.
          if (text !== '__proto__') expect(isError, JSON.stringify({ args, value })).toBe(false);
          expect(value).toMatchObject({ success: expect.any(Boolean) as boolean });
          if (value['success'] === true) assertEchoes(value, args);
        }
      }
    },
  );

  test('goes on with what all its actions left behind', async () => {
    const caller = callerOf(app);
    for (const text of [...hostile, ...hostile].filter((each) => each !== '__proto__')) {
      for (const action of actions) {
        const { value, isError } = await caller.ask(id, action.name, argumentsFor(action, text, { all: true }));
        expect(isError, JSON.stringify({ action: action.name, text, value })).toBe(false);
      }
    }
  });
});
