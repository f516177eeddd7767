import { appRouter } from './root.ts';
import type { Meta } from './trpc.ts';

const procedures = appRouter._def.procedures as unknown as Record<string, { _def: { meta?: Meta } }>;

function metaOf(name: string): Meta {
  return Object.hasOwn(procedures, name) ? (procedures[name]?._def.meta ?? {}) : {};
}

/** As tRPC reads it: an escaped comma separates like any other. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The most calls that one request may hold. */
const mostCalls = 20;

/** The call of a request, as far as its path says. */
export interface ReadCall {
  /** Works without credentials, all of it. */
  isOpen: boolean;
  /** Why it is refused as a whole. */
  refusal: string | null;
}

/** Reads the path of a request below `/trpc/`, before its body: names of procedures, separated by commas in a batch. */
export function readCall(path: string, isBatch: boolean): ReadCall {
  const names = isBatch ? decoded(path).split(',') : [decoded(path)];
  const metas = names.map(metaOf);
  const isOpen = metas.every(({ open }) => open === true);
  if (names.length > mostCalls) {
    return { isOpen, refusal: `A batch may have ${mostCalls} calls, and this one has ${names.length}.` };
  }
  const single = names.find((_, index) => metas[index]?.alone === true);
  const refusal = `${single ?? ''} is called in a request of its own: it checks a password or a code.`;
  return { isOpen, refusal: single !== undefined && names.length > 1 ? refusal : null };
}
