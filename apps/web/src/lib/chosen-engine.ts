import type { EngineSummary } from './api-types.ts';

/** The engine that is named, else the hub's usual one. */
export function chosenEngine(
  engines: readonly EngineSummary[] | undefined,
  name: string | undefined,
): EngineSummary | undefined {
  return engines?.find((engine) => (name === undefined ? engine.isDefault : engine.name === name));
}

export const engineLooks = {
  reachable: { shape: 'disc', tone: 'ok' },
  connecting: { shape: 'half', tone: 'idle' },
  unreachable: { shape: 'triangle', tone: 'bad' },
} as const;
