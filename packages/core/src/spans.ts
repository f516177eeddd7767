import type { Span, SpanStart } from '@switchboard/mcp-runtime/types';
import type { Ctx } from './context.ts';

/** Begins a span of what a context does: within its trace, or a trace of its own where no request asked for it. */
export function beginSpan({ trace, tracer }: Pick<Ctx, 'trace' | 'tracer'>, start: SpanStart): Span | null {
  return trace?.begin(start) ?? tracer?.begin(start, null) ?? null;
}

const codeWord = /^[A-Za-z][\w-]{0,63}$/;

/** The kind of a failure, without its text. */
export function failureKind(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return (typeof code === 'string' && codeWord.test(code)) || typeof code === 'number' ? String(code) : 'internal';
}

/** Ends a span as the work ends that it is of. */
export async function endWith<Result>(span: Span | null, work: Promise<Result>): Promise<Result> {
  try {
    const result = await work;
    span?.end();
    return result;
  } catch (error) {
    span?.end(failureKind(error));
    throw error;
  }
}
