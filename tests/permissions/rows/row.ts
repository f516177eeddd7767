import type { AppRight, Circle, GroupRight, ModelRight, ServerRight } from '../rights.ts';
import type { World } from '../world.ts';

/** Where an object is asked about: its id goes into the input. */
export interface Place {
  id: string;
  world: World;
}

/** What a request says, besides who sends it. */
export interface Said {
  /** Input of a procedure, or body of a route. */
  input?: unknown;
  /** Values of a route's path. */
  params?: Readonly<Record<string, string>>;
  /** Query of a route. */
  query?: string;
}

export type Row =
  /** Works before anybody signed in; what it checks itself is tested elsewhere. */
  | { open: true }
  /** Only who is in the circle. `nowhere`: it names what is not there, so that an allowed one may get 404. */
  | { circle: Circle; say?: (place: Place) => Said; nowhere?: true }
  /** At each server, who has the right there. `fresh`: what is allowed uses it up. `absent`: this status, and never 403. */
  | { server: ServerRight; say: (place: Place) => Said; fresh?: true; absent?: number }
  /** At each model. */
  | { model: ModelRight; say: (place: Place) => Said; fresh?: true }
  /** At each simulated product. */
  | { app: AppRight; say: (place: Place) => Said; fresh?: true }
  /** At the group `team`. */
  | { group: GroupRight; say: (place: Place) => Said; fresh?: true }
  /** At the account, a key, a session, a simulator token or a grant of `member`. */
  | { of: 'user' | 'key' | 'session' | 'token' | 'grant'; circle: Circle; say: (place: Place) => Said; fresh?: true }
  /** Tested by itself; says where. */
  | { elsewhere: string };

export type Rows = Readonly<Record<string, Row>>;
