import { z } from 'zod';

// oxlint-disable-next-line no-control-regex -- refusing control characters is the point
const oneLine = /^[^\u0000\r\n]*$/;
function Text(max: number) {
  return z.string().max(max, `must be at most ${max} characters`);
}
export function NoNul(max: number) {
  return Text(max).refine((value) => !value.includes('\0'), 'must not contain a NUL character');
}

export const Command = Text(4_096)
  .refine((value) => value.trim() !== '', 'must not be empty: give the program to run, for example npx')
  .refine((value) => oneLine.test(value), 'must be one line without NUL characters');
export const Args = z.array(NoNul(32_768)).max(256, 'must have at most 256 entries');
const EnvName = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/,
    "names must be letters, digits, '_', '.' or '-', starting with a letter or '_'",
  );
/** A wrong name gets the message of the name's rule, not only that the key is bad. */
export function badName(issue: z.core.$ZodRawIssue): string | undefined {
  return issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined;
}
export const Env = z
  .record(EnvName, NoNul(65_536), { error: badName })
  .refine((env) => Object.keys(env).length <= 256, 'must have at most 256 entries')
  .refine((env) => JSON.stringify(env).length <= 262_144, 'must be at most 256 KB in all');
const HeaderName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/, 'must be a valid HTTP header name');
export const Headers = z
  .record(
    HeaderName,
    Text(16_384).refine((value) => oneLine.test(value), 'values must be one line'),
    { error: badName },
  )
  .refine((headers) => Object.keys(headers).length <= 64, 'must have at most 64 entries');
export const Cwd = NoNul(4_096).refine(
  (value) => oneLine.test(value) && value.trim() !== '',
  'must be a directory path',
);

function isWeb({ protocol, hostname }: URL): boolean {
  return (protocol === 'http:' || protocol === 'https:') && hostname !== '';
}
function isHttpUrl(value: string): boolean {
  // `${NAME}` is allowed in a URL: it is checked with a harmless text in its place.
  const plain = value.replace(/\$\{[^{}]*\}/g, 'x');
  if (!URL.canParse(plain)) return false;
  const url = new URL(plain);
  return isWeb(url);
}
export const HttpUrl = Text(8_192).refine(isHttpUrl, 'must be an absolute http:// or https:// URL');

export const Name = Text(128).refine(
  (value) => value.trim() !== '' && oneLine.test(value),
  'must be one line and not empty',
);

/** Said twice, a tag is one. */
export const Tags = z
  .array(Text(64).refine((value) => value.trim() !== '', 'must not be empty'))
  .max(32)
  .transform((tags) => [...new Set(tags)]);

/** The page makes a link of it, so only web addresses are allowed, without user and password. */
export const DocsUrl = Text(2_048).refine((value) => {
  const url = /^\S+$/.test(value) ? URL.parse(value) : null;
  return url !== null && isWeb(url) && url.username === '' && url.password === '';
}, 'must be an absolute http:// or https:// URL, without a user name or password');
