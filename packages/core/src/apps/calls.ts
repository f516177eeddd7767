import { isDeepStrictEqual } from 'node:util';
import { and, asc, eq, gt, max, sql } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Ctx } from '../context.ts';
import { parseInput } from '../verb.ts';
import { CheckCalls, type CheckResult, type Expectation, type TokenCall } from './calls-schema.ts';
import type { KnownToken } from './contract.ts';
import type { AppRow } from './rows.ts';

const { appLogs, appTokens } = tables;
/** The first so many since they were forgotten; each has at most 16 KB of arguments. */
const mostCalls = 2_000;

/** The calls of one token at one product. */
interface Calls {
  token: Pick<KnownToken, 'id' | 'num'>;
  app: Pick<AppRow, 'id' | 'category' | 'name'>;
}

/** Calls of a product by a token since they were forgotten, the first ones first. */
export async function tokenCalls(ctx: Ctx, { token, app }: Calls): Promise<TokenCall[]> {
  await ctx.simulator.flush();
  const [row] = await ctx.db.select({ since: appTokens.callsSince }).from(appTokens).where(eq(appTokens.id, token.id));
  const rows = await ctx.db
    // Without what was answered, which may be long.
    .select({ details: sql<Record<string, unknown>>`${appLogs.details} - 'response'`, createdAt: appLogs.createdAt })
    .from(appLogs)
    .where(and(eq(appLogs.tokenId, token.id), eq(appLogs.appId, app.id), gt(appLogs.num, row?.since ?? 0)))
    .orderBy(asc(appLogs.num))
    .limit(mostCalls);
  return rows.map(({ details, createdAt }) => ({
    number: Number(details['number']),
    action: String(details['tool']),
    arguments: details['parameters'],
    outcome: String(details['outcome']),
    mode: typeof details['mode'] === 'string' ? details['mode'] : null,
    faults: details['faults'],
    at: createdAt.toISOString(),
  }));
}

/** Resets the calls of a token: earlier calls count in no check, and seeds start with the first call again. */
export async function forgetCalls(ctx: Ctx, token: Pick<KnownToken, 'id'>): Promise<void> {
  await ctx.simulator.flush();
  const [last] = await ctx.db
    .select({ num: max(appLogs.num) })
    .from(appLogs)
    .where(eq(appLogs.tokenId, token.id));
  await ctx.db
    .update(appTokens)
    .set({ callsSince: last?.num ?? 0 })
    .where(eq(appTokens.id, token.id));
  ctx.simulator.restartCounters(token.id);
}

/** Compares what a token called with what is expected of it. A wrong list of expectations is refused as `invalid`. */
export async function checkCalls(ctx: Ctx, whose: Calls, input: unknown): Promise<CheckResult> {
  const { expectations, name = `${whose.app.category}/${whose.app.name}` } = parseInput(CheckCalls, input);
  const calls = await tokenCalls(ctx, whose);
  const results = expectations.map((expectation) => {
    const message = whyNot(expectation, calls);
    return { expectation, name: nameOf(expectation), ok: message === null, message };
  });
  const passed = results.filter(({ ok }) => ok).length;
  return { name, passed, failed: results.length - passed, results };
}

/** Whether a value has at least what another has: objects by field, all else exactly. */
function holds(value: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) return isDeepStrictEqual(value, wanted);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(wanted).every(
    ([name, part]) => Object.hasOwn(value, name) && holds(Reflect.get(value, name), part),
  );
}

function matching(calls: readonly TokenCall[], action: string, wanted: object | undefined): number {
  return calls.filter((call) => call.action === action && (wanted === undefined || holds(call.arguments, wanted)))
    .length;
}

interface Bounds {
  times?: number | undefined;
  atLeast?: number | undefined;
  atMost?: number | undefined;
}

function outOfBounds(count: number, { times, atLeast, atMost }: Bounds): string | null {
  if (times !== undefined && count !== times) return `was called ${count} times instead of ${times}`;
  if (atLeast !== undefined && count < atLeast)
    return `was called ${count} times, and at least ${atLeast} are expected`;
  if (atMost !== undefined && count > atMost) return `was called ${count} times, and at most ${atMost} are expected`;
  const isSaid = times !== undefined || atLeast !== undefined || atMost !== undefined;
  return isSaid || count > 0 ? null : 'was never called so';
}

function whyNot(expectation: Expectation, calls: readonly TokenCall[]): string | null {
  if ('called' in expectation) {
    const why = outOfBounds(matching(calls, expectation.called, expectation.with), expectation);
    return why && `${expectation.called} ${why}`;
  }
  if ('never' in expectation) {
    const count = matching(calls, expectation.never, expectation.with);
    return count === 0 ? null : `${expectation.never} was called ${count} times, and never is expected`;
  }
  if ('calls' in expectation) {
    const why = outOfBounds(calls.length, { atLeast: 0, ...expectation.calls });
    return why && `The product ${why}`;
  }
  let next = 0;
  for (const call of calls) if (call.action === expectation.order[next]) next += 1;
  const missing = expectation.order[next];
  return missing === undefined
    ? null
    : `${missing} was not called after ${expectation.order[next - 1] ?? 'the beginning'}`;
}

function nameOf(expectation: Expectation): string {
  if ('called' in expectation) return `${expectation.called} is called`;
  if ('never' in expectation) return `${expectation.never} is never called`;
  if ('order' in expectation) return `${expectation.order.join(', ')} in order`;
  return 'number of calls';
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Characters that XML cannot hold, even escaped. */
// oxlint-disable-next-line no-control-regex -- these are the characters that XML refuses
const refused = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function xml(text: string): string {
  return text
    .toWellFormed()
    .replace(refused, '')
    .replace(/[&<>"]/g, (letter) => escapes[letter] ?? letter);
}

/** The same as a JUnit report. */
export function toJunit({ name, failed, results }: CheckResult): string {
  const suite = xml(name);
  const cases = results.map(({ name: title, message }) => {
    const open = `<testcase classname="${suite}" name="${xml(title)}"`;
    return message === null ? `${open}/>` : `${open}><failure message="${xml(message)}"/></testcase>`;
  });
  const counts = `tests="${results.length}" failures="${failed}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="${suite}" ${counts}>\n${cases.join('\n')}\n</testsuite>\n`;
}
