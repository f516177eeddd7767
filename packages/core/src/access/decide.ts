import { say } from '../reasons.ts';
import { actionTable, type Action, type Least } from './actions.ts';
import { boundBy } from './bounds.ts';
import { no, yes, type Decision, type Refusal } from './decision.ts';
import { decideByRule } from './rules.ts';
import type { Person, Resource, Subject } from './subject.ts';

export { actions, type Action } from './actions.ts';
export type { Decision } from './decision.ts';
export type { Resource, Subject } from './subject.ts';

/**
 * May the subject do this to the resource? Without a resource: to any at all.
 * Pure and total; listing, searching and calling all ask here. All it knows stands in the table of actions.
 */
export function decide(subject: Subject, action: Action, resource?: Resource): Decision {
  switch (subject.type) {
    case 'everything':
      return yes;
    case 'anonymous':
      return actionTable[action].least === 'anyone' ? yes : no(say('signInFirst'), false);
    case 'person':
      return decidePerson(subject, action, resource);
  }
}

const passwordDue: Refusal = {
  ...no(say('passwordDue')),
  passwordDue: true,
};

function decidePerson(person: Person, action: Action, resource?: Resource): Decision {
  const { least, whilePasswordDue = false } = actionTable[action];
  if (least === 'anyone') return yes;
  if (person.mustChangePassword && !whilePasswordDue) return passwordDue;
  if (person.key) {
    const bounded = boundBy(person.key, action, resource);
    if (!bounded.allowed) return bounded;
  }
  const byRole = decideRole(person, action);
  if (!resource) return byRole;
  if (byRole.allowed) return decideByRule(person, action, resource);
  // A refusal by role hides what the person would not see anyway.
  const seen = decideByRule(person, readActionOf(resource), resource);
  return seen.allowed ? byRole : { ...byRole, visible: false };
}

function readActionOf(resource: Resource): Action {
  return `${resource.type}.read`;
}

/** To anything at all, by role, grants and groups. */
function decideRole(person: Person, action: Action): Decision {
  const { least, grant, refusal } = actionTable[action];
  if (isAtLeast(person, least)) return yes;
  const isViewer = person.role === 'viewer';
  if (grant !== undefined && !isViewer && person.grants.includes(grant)) return yes;
  return no(say(refusal ?? refusalOf(least, isViewer)));
}

function isAtLeast(person: Person, least: Least): boolean {
  if (person.role === 'admin') return true;
  switch (least) {
    case 'anyone':
    case 'viewer':
      return true;
    case 'user':
      return person.role !== 'viewer';
    case 'group-manager':
      return person.role !== 'viewer' && (person.role === 'manager' || managesAny(person));
    case 'manager':
      return person.role === 'manager';
    case 'admin':
      return false;
  }
}

function managesAny({ groups }: Person): boolean {
  return [...groups.values()].includes('manager');
}

function refusalOf(least: Least, isViewer: boolean): 'viewersLook' | 'onlyManagers' | 'onlyAdmins' {
  if (isViewer && (least === 'user' || least === 'group-manager')) {
    return 'viewersLook';
  }
  return least === 'group-manager' ? 'onlyManagers' : 'onlyAdmins';
}
