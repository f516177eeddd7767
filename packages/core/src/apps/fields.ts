import { z } from 'zod';
import { faultProfiles } from '@switchboard/db/words';
import { SmallObject } from '../models/fields.ts';
import { NoNul } from '../servers/fields.ts';

/** Letters that a category and a name are made of, as the documented API has it. */
export const appNamePattern = /^[A-Za-z0-9_-]{2,50}$/;
export const appNameRule = "must be 2 to 50 letters, digits, '_' or '-'";

export const AppName = z.string().regex(appNamePattern, appNameRule);

const mostValueBytes = 65_536;

/** A JSON value of bounded size and depth. */
const SmallValue = z.unknown().superRefine((value, issues) => {
  if (value === undefined) return;
  const wrapped = SmallObject.safeParse({ value });
  if (!wrapped.success || JSON.stringify(value).length > mostValueBytes)
    issues.addIssue({ code: 'custom', message: 'must be a JSON value of at most 64 KB and 15 levels' });
});

const key = z
  .string()
  .min(1, 'must not be empty')
  .max(128)
  .refine((text) => !text.includes('\0'), 'must not contain NUL');

/** A parameter of an action. Unknown words for its type mean a string. */
export const AppParameter = z.object({
  key,
  type: z.string().max(40).default('String'),
  required: z.boolean().default(false),
  description: NoNul(4_000).default(''),
  default: SmallValue.optional(),
  options: z.array(SmallValue).max(500).optional(),
  items: SmallObject.optional(),
  properties: SmallObject.optional(),
});

const Template = NoNul(65_536);

/** One way to answer. */
export const AppAnswer = z.discriminatedUnion('mode', [
  z.object({
    mode: z.literal('model'),
    model: z.string().min(1).max(256).nullable().default(null),
    cache: z.boolean().default(false),
  }),
  z.object({ mode: z.literal('template'), body: Template }),
  z.object({ mode: z.literal('static'), value: SmallValue }),
  z.object({ mode: z.literal('replay') }),
]);

const rule = {
  rate: z.number().min(0).max(1).optional(),
  first: z.int().min(1).max(1_000_000).optional(),
  every: z.int().min(1).max(1_000_000).optional(),
  action: z.string().max(128).optional(),
  argument: z
    .object({
      pointer: z.string().max(1_000),
      equals: SmallValue.optional(),
      contains: z.string().max(1_000).optional(),
    })
    .optional(),
};

/** The longest that a fault holds a call up, in milliseconds. */
const Ms = z.int().min(0).max(300_000);
const Line = NoNul(1_000);

function fault<Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) {
  return z.object({ ...rule, kind: z.literal(kind), ...shape });
}

/** Something that goes wrong, and which calls it meets. */
export const AppFault = z.discriminatedUnion('kind', [
  fault('latency', {
    ms: Ms,
    distribution: z.enum(['fixed', 'normal', 'long-tail']).default('fixed'),
    spread: z.number().min(0).max(60_000).optional(),
  }),
  fault('rpc-error', { code: z.int().min(-99_999).max(99_999), message: Line }),
  fault('tool-error', { message: Line }),
  fault('http-status', { status: z.int().min(400).max(599), message: Line.optional() }),
  fault('rate-limit', { perMinute: z.int().min(0).max(1_000_000) }),
  fault('timeout', { ms: Ms }),
  fault('cut', {}),
  fault('malformed', {}),
  fault('schema-violation', {}),
  fault('drip', { ms: Ms }),
  fault('wrong-id', {}),
  fault('list-changes', {}),
]);

export const AppFaults = z.array(AppFault).max(50, 'must be at most 50 faults');
export const AppSeed = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => !text.includes('\0'), 'must not contain NUL')
  .nullable();
export const AppProfile = z.enum(faultProfiles).nullable();

/** One action of a product. */
export const AppAction = z.object({
  name: z.string().regex(/^[A-Za-z0-9_.-]{1,128}$/, "must be 1 to 128 letters, digits, '_', '-' or '.'"),
  displayName: NoNul(200).default(''),
  description: NoNul(8_000).default(''),
  parameters: z.array(AppParameter).max(200, 'must be at most 200 parameters').default([]),
  inputSchema: SmallObject.nullable().default(null),
  outputSchema: SmallObject.nullable().default(null),
  annotations: SmallObject.nullable().default(null),
  answers: z.array(AppAnswer).max(4, 'must be at most 4 ways to answer').default([]),
  changes: Template.nullable().default(null),
});

export const mostActions = 500;
/** Characters of JSON of all actions of an app. */
export const mostActionBytes = 4_194_304;

function firstRepeated(names: readonly string[]): string | null {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return null;
}

export const AppActions = z
  .array(AppAction)
  .max(mostActions, `must be at most ${mostActions} actions`)
  .superRefine((actions, issues) => {
    const twice = firstRepeated(actions.map(({ name }) => name));
    if (twice !== null) issues.addIssue({ code: 'custom', message: `has two actions called '${twice}'` });
    if (JSON.stringify(actions).length > mostActionBytes)
      issues.addIssue({ code: 'custom', message: 'must be at most 4 MB in all' });
    for (const [at, { parameters }] of actions.entries()) {
      const key = firstRepeated(parameters.map((parameter) => parameter.key));
      if (key !== null)
        issues.addIssue({ code: 'custom', path: [at, 'parameters'], message: `has two parameters called '${key}'` });
    }
  });

/** Id, number (`12`), or `Category/Name`. */
export const AppRef = z.union([z.string().min(1).max(128), z.int().min(1)]);
