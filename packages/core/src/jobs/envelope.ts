import { z } from 'zod';
import { invalidField, messageOf } from '../errors.ts';
import { said, say } from '../reasons.ts';
import type { JobRequest } from './contract.ts';
import type { JobType } from './job-type.ts';

/** A job has an id of what it is about, and reads the rest when it runs. */
const longestInput = 4_096;

/** The stored form of a job. */
const Stored = z.object({ version: z.int().min(1), input: z.unknown() });

/** The stored form of a new job; refuses input that its type does not take. */
export function storedInput<Schema extends z.ZodType>(
  type: JobRequest<Schema>,
  input: z.input<Schema>,
): { version: number; input: unknown } {
  const parsed = type.input.safeParse(input);
  if (!parsed.success) throw invalidField('input', said(whyUnfit(parsed.error)));
  if (JSON.stringify(input ?? null).length > longestInput)
    throw invalidField('input', say('inputTooLong', { most: longestInput }));
  return { version: type.version, input };
}

export type ReadInput =
  | { ok: true; input: unknown }
  /** `later`: a newer hub on the same database knows it. */
  | { ok: false; reason: string; later?: true };

function whyUnfit({ issues }: z.ZodError): string {
  const [issue] = issues;
  if (!issue) return 'does not fit';
  const place = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  return `${place}${issue.message}`;
}

/** Brings what is stored of a job to the version of its type, and checks it. */
export function readInput(type: JobType, data: unknown): ReadInput {
  const stored = Stored.safeParse(data);
  if (!stored.success) return { ok: false, reason: 'What is stored of it has no version and input.' };
  let { version, input } = stored.data;
  if (version > type.version) {
    const reason = `Its input is of version ${version}, and this hub knows ${type.version}: a newer hub asked for it.`;
    return { ok: false, reason, later: true };
  }
  for (; version < type.version; version += 1) {
    const migrate = type.migrations?.[version];
    if (!migrate)
      return { ok: false, reason: `Its input is of version ${version}, and nothing makes it ${version + 1}.` };
    try {
      input = migrate(input);
    } catch (error) {
      return { ok: false, reason: `Its input cannot be brought from version ${version} on: ${messageOf(error)}` };
    }
  }
  const parsed = type.input.safeParse(input);
  if (!parsed.success) return { ok: false, reason: `Its input does not fit: ${whyUnfit(parsed.error)}` };
  return { ok: true, input: parsed.data };
}
