import type { Kind } from './kind.ts';
import { remote } from './remote.ts';

const words = [
  'http',
  'streamable-http',
  'streamable_http',
  'streamablehttp',
  'http-stream',
  // Used for either transport; this one is more common.
  'remote',
  'url',
];

/** An address that speaks streamable HTTP. */
export const streamableHttp: Kind = remote('streamable-http', { type: 'http', words });
