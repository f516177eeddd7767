import { z } from 'zod';
import { verb } from '../verb.ts';
import {
  actions,
  actionTable,
  type Action,
  type ActionKind,
  type Grant,
  type KeyRule,
  type Least,
  type Rule,
} from './actions.ts';

/** An action, and who has the right to it. */
export interface Right {
  action: Action;
  kind: ActionKind;
  least: Least;
  /** Gives it to accounts below `least`; null where no grant does. */
  grant: Grant | null;
  keys: KeyRule;
  rule: Rule;
}

/** The table of rights, as every decision reads it. */
export const listRights = verb(
  { name: 'account.read', access: 'read', input: z.object({}) },
  async (): Promise<Right[]> =>
    actions.map((action) => {
      const { kind, least, grant = null, keys, rule } = actionTable[action];
      return { action, kind, least, grant, keys, rule };
    }),
);
