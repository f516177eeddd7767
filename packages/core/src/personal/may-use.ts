import { actorOf } from '../access/behind.ts';
import { decide } from '../access/decide.ts';
import type { Directory } from '../access/directory.ts';
import type { Policy } from '../ports.ts';
import type { Selector } from '../selection.ts';

interface Known {
  directory: Directory;
  selector: Pick<Selector, 'resource'>;
  authMode: Policy['authMode'];
}

/** Whether a person may use a server now, whatever credential it comes with: from memory. */
export function mayUse({ directory, selector, authMode }: Known, person: string, serverId: string): boolean {
  const resource = selector.resource(serverId);
  if (resource === null) return false;
  if (person === 'local') return authMode === 'open';
  const actor = actorOf(directory, { type: 'user', userId: person, sid: '' });
  return actor !== null && decide(directory.subjectOf(actor), 'server.use', resource).allowed;
}
