import type { Reason } from '@switchboard/mcp-runtime/reasons';
import { say } from '../reasons.ts';
import { actionTable, type Action, type Rule } from './actions.ts';
import { no, yes, type Decision } from './decision.ts';
import { allowsItem, everyItem, type ItemFilter } from './item-filter.ts';
import type { ModelResource, Person, Resource, ServerResource } from './subject.ts';

const absent = no(say('notYours'), false);

type Kind = Resource['type'];
type Of<Type extends Kind> = Extract<Resource, { type: Type }>;

/** The objects of a rule, and its answer for a person whose role is enough. */
interface RuleOf<Type extends Kind> {
  kinds: readonly Type[];
  decide(person: Person, resource: Of<Type>, action: Action): Decision;
}

function ruleOf<Type extends Kind>(kinds: readonly Type[], decide: RuleOf<Type>['decide']): RuleOf<Kind> {
  return {
    kinds,
    decide,
  };
}

function onServer(decide: (rights: ServerRights, server: ServerResource) => Decision): RuleOf<Kind> {
  return ruleOf(['server'], (person, server) => {
    const rights = serverRights(person, server);
    if (server.through) return decideThrough(person, rights.full, server);
    return rights.read ? decide(rights, server) : absent;
  });
}

function inGroup(mayMember: boolean): RuleOf<Kind> {
  return ruleOf(['group'], (person, { id }) => {
    if (person.role === 'admin') return yes;
    const role = person.groups.get(id);
    if (!role) return absent;
    return mayMember || role === 'manager' ? yes : no(say('onlyManagersOfThis'));
  });
}

function onEngine(mayShared: boolean): RuleOf<Kind> {
  return ruleOf(
    ['container', 'image', 'volume', 'network', 'stack'],
    (person, { type, owner, shared = false }, action) => {
      if (!action.startsWith(`${type}.`)) return unasked(action, type);
      if (person.role === 'admin' || person.userId === owner) return yes;
      if (!shared) return absent;
      return mayShared ? yes : no(say('notYoursToChange'));
    },
  );
}

function onWholeEngine(): RuleOf<Kind> {
  return ruleOf(['engine'], () => yes);
}

/** Opened to this person by its visibility. */
function isOpenTo({ groups }: Person, to: Pick<ModelResource, 'visibility' | 'groups'>): boolean {
  return to.visibility === 'everyone' || (to.visibility === 'group' && to.groups.some((group) => groups.has(group)));
}

function onConversation(mayOthers: boolean): RuleOf<Kind> {
  return ruleOf(['conversation'], (person, conversation) => {
    if (person.userId === conversation.owner) return yes;
    if (!isOpenTo(person, conversation)) return absent;
    return mayOthers ? yes : no(say('conversationNotYours'));
  });
}

function onModel(decide: (isOwn: boolean, model: ModelResource) => Decision): RuleOf<Kind> {
  return ruleOf(['model'], (person, model) => {
    const isOwn = person.role === 'admin' || person.userId === model.owner;
    return isOwn || isOpenTo(person, model) ? decide(isOwn, model) : absent;
  });
}

function onApp(mayOthers: boolean): RuleOf<Kind> {
  return ruleOf(['app'], (person, { owner, visibility }) => {
    if (person.role === 'admin' || person.userId === owner) return yes;
    if (visibility !== 'everyone') return absent;
    return mayOthers ? yes : no(say('appNotYours'));
  });
}

function onGraph(mayOthers: boolean): RuleOf<Kind> {
  return ruleOf(['graph'], (person, graph) => {
    if (person.role === 'admin' || person.userId === graph.owner) return yes;
    if (!isOpenTo(person, graph)) return absent;
    return mayOthers ? yes : no(say('graphNotYours'));
  });
}

const rules: Readonly<Record<Exclude<Rule, 'none'>, RuleOf<Kind>>> = {
  'server:see': onServer(() => yes),
  'server:inspect': onServer(({ inspect }, server) => mayItem(inspect, server, say('groupsLetNotInspect'))),
  'server:use': onServer(({ use }, server) => mayItem(use, server, say('groupsLetSee'))),
  'server:write': onServer(({ write }) => (write ? yes : no(say('groupsLetUse')))),
  'server:own': onServer(({ full }) => (full ? yes : no(say('onlyOwnerSecrets')))),
  'group:member': inGroup(true),
  'group:manager': inGroup(false),
  'engine:any': onWholeEngine(),
  'engine:see': onEngine(true),
  'engine:own': onEngine(false),
  'model:see': onModel(() => yes),
  'model:own': onModel((isOwn, { builtIn }) => {
    if (builtIn) return no(say('modelBuiltIn'));
    return isOwn ? yes : no(say('modelNotYours'));
  }),
  'conversation:see': onConversation(true),
  'conversation:own': onConversation(false),
  'app:see': onApp(true),
  'app:own': onApp(false),
  'graph:see': onGraph(true),
  'graph:own': onGraph(false),
  own: ruleOf(['user', 'key', 'grant', 'session', 'call', 'audit', 'budget', 'app-token'], (person, resource) => {
    const owner = resource.type === 'user' ? resource.id : resource.userId;
    return person.role === 'admin' || person.userId === owner ? yes : absent;
  }),
};

/** The answer of an action's rule for an object; the role was checked before. */
export function decideByRule(person: Person, action: Action, resource: Resource): Decision {
  const { rule } = actionTable[action];
  const known = rule === 'none' ? null : rules[rule];
  if (!known?.kinds.includes(resource.type)) return unasked(action, resource.type);
  return known.decide(person, resource, action);
}

/** No verb asks this; one that did would be refused. */
function unasked(action: Action, type: Kind): Decision {
  return no(say('notDoneTo', { action, type }), false);
}

/** The rights of a person at one server, by ownership, visibility and groups together. */
export function serverRights(
  person: Pick<Person, 'role' | 'userId' | 'shares'>,
  server: Pick<ServerResource, 'id' | 'createdBy' | 'visibility'>,
) {
  const full = person.role === 'admin' || server.createdBy === person.userId;
  const share = server.visibility === 'private' ? undefined : person.shares.get(server.id);
  const everyone = server.visibility === 'everyone';
  const all = full || everyone ? everyItem : null;
  return {
    full,
    read: full || everyone || (share?.read ?? false),
    write: full || (share?.write ?? false),
    inspect: all ?? share?.inspect ?? null,
    use: all ?? share?.use ?? null,
  };
}

type ServerRights = ReturnType<typeof serverRights>;

/** At a group's endpoint only what that group gives counts, and nobody else's private server. */
function decideThrough(person: Person, full: boolean, server: ServerResource): Decision {
  const { through } = server;
  const isMember = through !== undefined && (person.role === 'admin' || person.groups.has(through.groupId));
  if (!isMember || (server.visibility === 'private' && !full)) return absent;
  return mayItem(through.use, server, say('groupLetsSee'));
}

function mayItem(filter: ItemFilter | null, { item }: ServerResource, why: Reason): Decision {
  if (filter === null) return no(why);
  return !item || allowsItem(filter, item.type, item.name) ? yes : absent;
}
