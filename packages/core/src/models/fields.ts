import { z } from 'zod';

const mostBytes = 65_536;
const mostDepth = 16;

// oxlint-disable-next-line no-control-regex -- refusing control characters is the point
const printable = /^[^\u0000-\u001f\u007f]*$/;

/** Segments that a path does not keep as they are. */
function keepsInPath(name: string): boolean {
  return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** The name by which people and programs ask for a model. It may contain `/`, as names of providers do. */
export const ModelName = z
  .string()
  .min(1, 'must not be empty')
  .max(200, 'must be at most 200 characters')
  .refine((name) => name.trim() === name && printable.test(name), 'must be one line without spaces around it')
  .refine(keepsInPath, "must have no empty part and no '.' or '..' between its '/'");

function isBaseUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.username === '' &&
    url.password === '' &&
    !/[?#\s]/.test(text)
  );
}

/** Everybody who may use the model sees the address, so it must not contain a secret. */
export const BaseUrl = z
  .string()
  .max(2_048, 'must be at most 2048 characters')
  .refine(
    isBaseUrl,
    'must be an http:// or https:// URL without a user name, a query or a fragment; keys belong into the API key or the headers',
  );

export const ApiKey = z
  .string()
  .max(4_096, 'must be at most 4096 characters')
  .refine((key) => printable.test(key), 'must be one line');

function isShallow(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth < mostDepth && Object.values(value).every((entry) => isShallow(entry, depth + 1));
}

/** A JSON object of bounded size and depth. */
export const SmallObject = z
  .record(z.string().max(256), z.unknown())
  .refine((value) => isShallow(value), `must be at most ${mostDepth} levels deep`)
  .refine((value) => JSON.stringify(value).length <= mostBytes, 'must be at most 64 KB as JSON');

function penalty(of: string) {
  return z
    .number()
    .min(-2)
    .max(2)
    .optional()
    .meta({ description: `From -2 to 2: how much ${of} counts against a word` });
}
function tokens(of: string) {
  return z
    .int()
    .min(1)
    .max(10_000_000)
    .optional()
    .meta({ description: `Tokens of ${of} at most` });
}
function share(description: string, most: number) {
  return z.number().min(0).max(most).optional().meta({ description });
}

/** The options of a request that sets none itself; named and bounded as OpenAI does. */
export const ModelOptions = z.object({
  stream: z.boolean().optional(),
  temperature: share('From 0 to 2: how much chance has a say', 2),
  top_p: share('From 0 to 1: the share of likely words that is chosen from', 1),
  max_tokens: tokens('an answer'),
  max_completion_tokens: tokens('an answer, with what is thought before it'),
  frequency_penalty: penalty('how often it was said'),
  presence_penalty: penalty('that it was said'),
  n: z.int().min(1).max(128).optional().meta({ description: 'How many answers are made' }),
  stop: z.union([z.string().max(1_000), z.array(z.string().max(1_000)).max(16)]).optional(),
  seed: z.int().optional().meta({ description: 'Makes answers repeat, as far as the provider can' }),
  logprobs: z.boolean().optional(),
  top_logprobs: z.int().min(0).max(20).optional().meta({ description: 'How many likely words are told of each' }),
});
export type ModelOptions = z.infer<typeof ModelOptions>;
