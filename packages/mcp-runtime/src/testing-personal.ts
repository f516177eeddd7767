import type { Personal } from './personal.ts';

/** What people gave of their own, changed in place by `give` and `take`. */
export interface FakePersonal {
  personal: Personal;
  /** Gives a person's value, or takes it away; the runtime has to be told. */
  give(person: string, value: string | null, serverId?: string): void;
  url: string;
}

/** People's own values, which stand in the environment as OWN; whoever gave one last feeds the catalog. */
export function createFakePersonal(): FakePersonal {
  const values = new Map<string, { value: string; stamp: string }>();
  const url = 'http://hub.test/ui/servers/s/credentials';
  let counter = 0;
  const needed = { code: 'credentials', url } as const;
  function keyOf(serverId: string, person: string): string {
    return JSON.stringify([serverId, person]);
  }
  return {
    url,
    give(person, value, serverId = 's') {
      const key = keyOf(serverId, person);
      values.delete(key);
      if (value !== null) values.set(key, { value, stamp: `stamp-${++counter}` });
    },
    personal: {
      unseen: () => [...values.values()].map(({ value }) => value),
      standing: (serverId, person) => values.get(keyOf(serverId, person))?.stamp ?? needed,
      refused: () => ({ ...needed, again: 'refused' }),
      feeder(serverId, refused = new Set()) {
        const fit = [...values].filter(([, { stamp }]) => !refused.has(stamp));
        const givers = fit.map(([key]) => JSON.parse(key) as [string, string]);
        return givers.findLast(([id]) => id === serverId)?.[1] ?? null;
      },
      async launch(serverId, person, launch) {
        const given = values.get(keyOf(serverId, person));
        if (given === undefined) return needed;
        if (launch.kind !== 'stdio') return launch;
        return { ...launch, env: { ...launch.env, OWN: given.value } };
      },
    },
  };
}
