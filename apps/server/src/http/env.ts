import type { HttpBindings } from '@hono/node-server';
import type { ApiContext } from '@switchboard/api';
import type { Problem } from '@switchboard/api/dialects';
import type { Actor } from '@switchboard/core';
import type { BodyBounds } from './body.ts';

/** The values that Hono's handlers share about one request. */
export interface HubEnv {
  Bindings: HttpBindings;
  Variables: {
    requestId: string;
    /** The address of the client, where it is known. */
    address: string | null;
    /** Set-Cookie headers of the answer. */
    cookies: string[];
    /** Why credentials that were sent do not count. */
    refusal: Problem | null;
    /** How much of a body is read for this caller, asked before the first byte of it. */
    bounds: (caller: Actor) => BodyBounds;
    /** Made on first use: who calls, and everything a procedure needs. */
    api: () => Promise<ApiContext>;
  };
}
