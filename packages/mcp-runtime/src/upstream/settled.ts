import type { ServerStatus } from '../types.ts';

/** Whether a server waits for what people have to give before it can start. */
function waitsForPeople({ phase, messageReason }: Pick<ServerStatus, 'phase' | 'messageReason'>): boolean {
  return phase === 'stopped' && (messageReason?.code === 'nobodyYet' || messageReason?.code === 'nobodyFits');
}

/** Whether a start has come to something: the server runs, has failed, or waits for people. */
export function hasSettled(status: ServerStatus): boolean {
  return status.phase === 'running' || status.phase === 'error' || waitsForPeople(status);
}
