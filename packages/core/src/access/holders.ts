import { actionTable, type Action, type Grant, type Least, type Rule } from './actions.ts';
import { decide } from './decide.ts';
import { roles, type Role } from './schema.ts';
import type { BoundKey, Person } from './subject.ts';

/** The people who have a right at all; at one server, group or account `decide` checks more. */
export interface Holders {
  /** Roles that have it by themselves. */
  roles: readonly Role[];
  /** The grant that gives it to users and managers; null where no grant does, or they have it anyway. */
  grant: Grant | null;
  /** Whether users have it in groups that they manage, and nowhere else. */
  groupManagers: boolean;
  /** Whether an API key can have it. */
  keys: boolean;
  /** The rule about the object. */
  rule: Rule;
  /** The sentence for callers who lack it. */
  refusal: string;
}

function sample(role: Role, more: Partial<Person> = {}): Person {
  return {
    type: 'person',
    userId: '',
    role,
    grants: [],
    mustChangePassword: false,
    groups: new Map(),
    shares: new Map(),
    key: null,
    ...more,
  };
}

function keyOf(scopes: readonly string[]): BoundKey {
  return {
    id: '',
    scopes,
    endpoints: null,
    groups: null,
    servers: null,
    tools: null,
    resources: null,
    reach: null,
  };
}

/** The holders of a right by the table of actions, in the words of documents. */
export function holdersOf(action: Action): Holders {
  const { least, grant, keys, rule } = actionTable[action];
  return {
    roles: least === 'group-manager' && rule !== 'none' ? ['admin'] : roles.filter((role) => hasByRole[least](role)),
    grant: grant ?? null,
    groupManagers: least === 'group-manager',
    keys: keys !== 'never',
    rule,
    refusal: refusalOf(action),
  };
}

function isManaging(role: Role): boolean {
  return role === 'admin' || role === 'manager';
}

const hasByRole: Readonly<Record<Least, (role: Role) => boolean>> = {
  anyone: () => true,
  viewer: () => true,
  user: (role) => role !== 'viewer',
  'group-manager': isManaging,
  manager: isManaging,
  admin: (role) => role === 'admin',
};

/** The reason that a user gets; where users have the right, a viewer or a key that names something else. */
function refusalOf(action: Action): string {
  const lacking = [sample('user'), sample('viewer'), sample('admin', { key: keyOf([]) })];
  const told = lacking.map((person) => decide(person, action));
  return told.find((decision) => !decision.allowed)?.why.text ?? '';
}
