import { expect, it } from 'vitest';
import { liveRules } from '@switchboard/core';
import { staleOnEngine, staleWithEngine } from '@switchboard/core/engines';
import { appRouter } from './root.ts';

const procedures = Object.keys(appRouter._def.procedures);

function isKnown(path: string): boolean {
  return procedures.some((name) => name === path || name.startsWith(`${path}.`));
}

it('names paths that the API has', () => {
  const rules = Object.values(liveRules).filter((rule) => rule !== null);
  const paths = rules.flatMap(({ invalidates, ofOne }) => [...invalidates, ...(ofOne?.invalidates ?? [])]);
  expect(paths.length).toBeGreaterThan(20);
  expect(
    [...paths, ...[...staleOnEngine.values()].flat(), ...staleWithEngine].filter((path) => !isKnown(path)),
  ).toEqual([]);
  expect(isKnown('servers.lists')).toBe(false);
});
