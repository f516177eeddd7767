import { eq } from 'drizzle-orm';
import type { StateHolder } from '@switchboard/agents/simulator';
import { setBounded } from '@switchboard/basics';
import { tables, type Db } from '@switchboard/db';
import { storableJson } from '../storable.ts';

type State = Record<string, unknown>;

const { appTokens } = tables;
const mostHeld = 10_000;

/** States of tokens. The database has them, under a lock of the row while they change; memory has them for reading. */
export interface TokenStates {
  /** The state as calls of an app see it: what the token has changed, over what the app begins with. */
  holder(tokenId: string, initial: State): StateHolder;
  forget(tokenId: string): void;
}

export function createTokenStates(db: Db, options: { changed: (tokenId: string) => Promise<void> }): TokenStates {
  const held = new Map<string, Promise<State>>();

  async function read(tokenId: string): Promise<State> {
    const [row] = await db.select({ state: appTokens.state }).from(appTokens).where(eq(appTokens.id, tokenId));
    return row?.state ?? {};
  }

  function hold(tokenId: string, state: Promise<State>): Promise<State> {
    void setBounded(held, tokenId, state, mostHeld);
    state.catch(() => held.delete(tokenId));
    return state;
  }

  return {
    holder: (tokenId, initial) => ({
      read: async () => ({ ...initial, ...(await (held.get(tokenId) ?? hold(tokenId, read(tokenId)))) }),
      async change(apply) {
        const state = await db.transaction(async (tx) => {
          const mine = eq(appTokens.id, tokenId);
          const [row] = await tx
            .select({ state: appTokens.state, version: appTokens.stateVersion })
            .from(appTokens)
            .where(mine)
            .for('update');
          // The token was removed meanwhile: its calls end with it.
          if (!row) return {};
          const next = storableJson(apply({ ...initial, ...row.state }));
          await tx
            .update(appTokens)
            .set({ state: next, stateVersion: row.version + 1 })
            .where(mine);
          return next;
        });
        await options.changed(tokenId);
        void hold(tokenId, Promise.resolve(state));
      },
    }),
    forget: (tokenId) => void held.delete(tokenId),
  };
}
