import { grantable, type Action, type Grant } from './actions.ts';
import { decide } from './decide.ts';
import { roles, type Role } from './schema.ts';
import type { BoundKey, Person } from './subject.ts';

/** Who has a right at all; at one server, group or account `decide` asks further. */
export interface Holders {
  /** Roles that have it by themselves. */
  roles: readonly Role[];
  /** The grant that gives it to users and managers; null where no grant does, or they have it anyway. */
  grant: Grant | null;
  /** Whether users have it in groups that they manage, and nowhere else. */
  groupManagers: boolean;
  /** Whether an API key can have it. */
  keys: boolean;
  /** What is told to who lacks it. */
  refusal: string;
}

const sample = (role: Role, more: Partial<Person> = {}): Person => ({
  type: 'person',
  userId: '',
  role,
  grants: [],
  mustChangePassword: false,
  groups: new Map(),
  shares: new Map(),
  key: null,
  ...more,
});

const keyOf = (scopes: readonly string[]): BoundKey => ({
  id: '',
  scopes,
  endpoints: null,
  groups: null,
  servers: null,
  tools: null,
  reach: null,
});

/** Asks `decide` about an account of each kind, so that documents say what the hub enforces. */
export const holdersOf = (action: Action): Holders => {
  const has = (person: Person): boolean => decide(person, action).allowed;
  const isForUsers = has(sample('user'));
  const groupManagers = !isForUsers && has(sample('user', { groups: new Map([['', 'manager']]) }));
  // Whoever may make groups manages none of the others by that.
  const hasInGroup = (person: Person): boolean => decide(person, action, { type: 'group', id: '' }).allowed;
  return {
    roles: roles
      .map((role) => sample(role))
      .filter(groupManagers ? hasInGroup : has)
      .map(({ role }) => role),
    grant: isForUsers ? null : (grantable.find((grant) => has(sample('user', { grants: [grant] }))) ?? null),
    groupManagers,
    keys: has(sample('admin', { key: keyOf(['*']) })),
    refusal: refusalOf(action),
  };
};

/** The reason that a user gets; where users have the right, a viewer or a key that names something else. */
const refusalOf = (action: Action): string => {
  const lacking = [sample('user'), sample('viewer'), sample('admin', { key: keyOf([]) })];
  const told = lacking.map((person) => decide(person, action));
  return told.find((decision) => !decision.allowed)?.reason ?? '';
};
