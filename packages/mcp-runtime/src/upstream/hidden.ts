import { mapReason, reasonOf, whyOf } from '../reasons.ts';
import { RpcError } from '../rpc.ts';
import type { Launch } from '../types.ts';
import { secretsIn } from './launch-facts.ts';
import { LinkError } from './link.ts';
import { createChangingMask } from './mask.ts';

/** The most characters of a failure: a status sends it to every page, and a record keeps it. */
const longest = 64 * 1024;
/** The same for each text in a reason, which is also in those around it. */
const longestPart = 4096;

const masks = new WeakMap<Launch, ReturnType<typeof createChangingMask>>();

function maskOf(launch: Launch, unseen: readonly string[]): (text: string, most?: number) => string {
  const mask = masks.get(launch) ?? createChangingMask(secretsIn(launch));
  masks.set(launch, mask);
  return (text, most) => mask(text, unseen, most);
}

/** A text with `***` for each value the server was given, and for those that people use it with. */
export function hiddenText(launch: Launch, text: string, unseen: readonly string[] = []): string {
  return maskOf(launch, unseen)(text);
}

/**
 * A failure with `***` for each value the server was given or is used with, as its log has it, and cut to a bounded length: servers
 * repeat their headers and variables in errors, and a status, a probe or an answer shows the text to those who may not
 * know them. Data of an error stay: they are protocol, and for who called.
 */
export function hidden(launch: Launch, error: LinkError, unseen?: readonly string[]): LinkError;
export function hidden(launch: Launch, error: unknown, unseen?: readonly string[]): unknown;
export function hidden(launch: Launch, error: unknown, unseen: readonly string[] = []): unknown {
  if (!(error instanceof Error)) return error;
  const mask = maskOf(launch, unseen);
  const reason = reasonOf(error);
  // Every parameter of a reason is in its text.
  const most = reason === null ? longest : longestPart;
  const text = mask(error.message, most);
  if (text === error.message) return error;
  const why = reason === null ? text : mapReason(reason, (part) => mask(part, most));
  if (error instanceof RpcError) return new RpcError(error.code, why, error.data);
  if (!(error instanceof LinkError)) return new Error(text);
  const { status, retryAfterSeconds, needed } = error;
  return new LinkError(error.code, why, { retryAfterSeconds, needed, ...(status !== null && { status }) });
}

/** The same for a start, without data: the server's text is in the hub's own error. */
export function hiddenStart(launch: Launch, error: unknown, unseen: readonly string[]): unknown {
  const told = hidden(launch, error, unseen);
  return told instanceof RpcError ? new RpcError(told.code, whyOf(told)) : told;
}
