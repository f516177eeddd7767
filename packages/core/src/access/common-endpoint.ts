import type { Directory } from './directory.ts';
import type { Person, ServerResource } from './subject.ts';

/**
 * Whether a server that a person may use belongs to the endpoint of all servers, `/mcp`, and answers to a tool's bare
 * name. An admin may use every server, also those that strangers register for themselves: their texts must not get into
 * the prompts of the most powerful models of the hub unasked. So admins find there their own servers, those of other
 * admins and without an owner, and those that a group or everybody uses; the rest at their own endpoints.
 */
export function isAtCommonEndpoint(
  directory: Directory,
  person: Pick<Person, 'role' | 'userId'>,
  { id, createdBy, visibility }: Pick<ServerResource, 'id' | 'createdBy' | 'visibility'>,
): boolean {
  if (person.role !== 'admin' || createdBy === null || createdBy === person.userId) return true;
  if (visibility === 'everyone' || directory.user(createdBy)?.role === 'admin') return true;
  return visibility === 'group' && directory.isInGroup(id);
}
