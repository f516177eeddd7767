import type { Policy } from './ports.ts';

/** The whole address of a page: where people reach the hub, or else on this machine. */
export function pageLink({ publicUrl, localUrl }: Pick<Policy, 'publicUrl' | 'localUrl'>, path: string): string {
  return `${publicUrl ?? localUrl?.() ?? 'http://127.0.0.1'}${path}`;
}
