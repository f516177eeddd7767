import type { Kind } from './kind.ts';
import { remote } from './remote.ts';

/** An address that speaks HTTP+SSE, the transport of 2024-11-05. */
export const sse: Kind = remote('sse', { type: 'sse', words: ['sse'] });
