import type { ApiContext } from '@switchboard/api';
import type { HttpBindings } from '@hono/node-server';

/** What Hono's handlers share about one request. */
export interface HubEnv {
  Bindings: HttpBindings;
  Variables: {
    requestId: string;
    /** Made on first use: who calls, and everything a procedure needs. */
    api: () => Promise<ApiContext>;
  };
}
