import { tables, type Db } from '@switchboard/db';
import type { Launch } from '@switchboard/mcp-runtime/types';
import type { Holding, PersonalSource } from '../personal/book.ts';
import type { ServerRow } from '../servers/rows.ts';
import { localPerson } from './store.ts';
import { asksPeople } from './way.ts';

const { upstreamGrants } = tables;

/** Who signed in to which server, for the instances that are opened in people's names. */
export interface SignInSource extends PersonalSource {
  /** Reads again who signed in. */
  load(): Promise<void>;
  /** Id of the row that somebody’s sign-in, or everybody’s, lies in; null = there is none. */
  stampOf(serverId: string, person: string | null): string | null;
  /** The servers that there are. */
  declare(servers: readonly ServerRow[]): void;
}

/** Follows who signed in; tokens are asked for by each request. */
export function createSignInSource(db: Db): SignInSource {
  let asking = new Set<string>();
  let holders = new Map<string, Map<string, Holding>>();
  return {
    code: 'sign-in',
    concerns: (serverId) => asking.has(serverId),
    holders: (serverId) => holders.get(serverId) ?? new Map(),
    page: (serverId) => `/ui/servers/${encodeURIComponent(serverId)}`,
    async load() {
      const { id, serverId, userId, createdAt } = upstreamGrants;
      const rows = await db.select({ id, serverId, userId, createdAt }).from(upstreamGrants);
      const read = new Map<string, Map<string, Holding>>();
      for (const row of rows) {
        const ofServer = read.get(row.serverId) ?? new Map<string, Holding>();
        // A refresh keeps the row's id, and signing in anew gives another one.
        ofServer.set(row.userId ?? localPerson, { stamp: row.id, at: row.createdAt.getTime() });
        read.set(row.serverId, ofServer);
      }
      holders = read;
    },
    stampOf: (serverId, person) => holders.get(serverId)?.get(person ?? localPerson)?.stamp ?? null,
    declare(servers) {
      asking = new Set(servers.filter(asksPeople).map(({ id }) => id));
    },
    fill(serverId, person, launch): Promise<Launch | null> {
      const isRemote = launch.kind === 'sse' || launch.kind === 'streamable-http';
      const isHeld = holders.get(serverId)?.has(person) === true;
      return Promise.resolve(isRemote && isHeld ? { ...launch, signedInAs: person } : null);
    },
  };
}
