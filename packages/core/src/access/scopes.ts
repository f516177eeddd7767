import { actions, actionTable, type Action } from './actions.ts';

/** The words of the documented APIs whose meaning is no plain family of actions. */
const documented: Readonly<Record<string, readonly Action[]>> = {
  'servers:read': ['server.read', 'server.inspect', 'server.logs'],
  'servers:execute': ['server.read', 'server.inspect', 'server.use', 'server.operate'],
  'tools:read': ['server.read', 'server.inspect'],
  'tools:execute': ['server.read', 'server.inspect', 'server.use', 'group.use'],
};

function familyOf(action: string): string {
  return action.slice(0, action.indexOf('.'));
}
const families = new Set(actions.map(familyOf));
function inFamily(family: string): Action[] {
  return actions.filter((action) => familyOf(action) === family);
}
function ofKind(...kinds: string[]): Action[] {
  return actions.filter((action) => kinds.includes(actionTable[action].kind));
}

/** `server` for `servers` and `server`, `stack` for `stacks`; null where no actions are called so. */
function familyNamed(word: string): string | null {
  if (families.has(word)) return word;
  const single = word.replace(/s$/, '');
  return families.has(single) ? single : null;
}

/** Whoever may use or change something sees it too. */
const kindsOf: Readonly<Record<string, readonly string[]>> = {
  read: ['read'],
  execute: ['read', 'execute'],
  write: ['read', 'execute', 'manage'],
  '*': ['read', 'execute', 'manage'],
};

function readScope(scope: string): readonly Action[] {
  if (scope === '*' || scope === '*:*') return actions;
  if (scope === 'read' || scope === '*:read') return ofKind('read');
  if (scope === 'execute' || scope === '*:execute') return ofKind('execute');
  if (scope === 'manage' || scope === '*:write') return ofKind('manage');
  if (Object.hasOwn(documented, scope)) return documented[scope] ?? [];
  if (Object.hasOwn(actionTable, scope)) return [scope as Action];
  if (scope.endsWith('.*')) return inFamily(scope.slice(0, -2));
  const [word = '', kind = '', ...more] = scope.split(':');
  const family = more.length === 0 ? familyNamed(word) : null;
  const kinds = Object.hasOwn(kindsOf, kind) ? kindsOf[kind] : undefined;
  if (family === null || kinds === undefined) return [];
  return inFamily(family).filter((action) => kinds.includes(actionTable[action].kind));
}

/** Only words that mean something are kept, and of these there is a bounded number. */
const known = new Map<string, ReadonlySet<Action>>();

/**
 * The actions that a word of a key stands for: `*`, `read`, `execute`, `manage`, an action, `server.*`, and the words of
 * the documented APIs (`servers:read`, `containers:*`). Empty for a word that means nothing.
 */
export function actionsOf(scope: string): ReadonlySet<Action> {
  const found = known.get(scope);
  if (found) return found;
  const made = new Set(scope.length > 64 ? [] : readScope(scope));
  if (made.size > 0) known.set(scope, made);
  return made;
}

/** Whether a word of a key covers an action. */
export function covers(scope: string, action: Action): boolean {
  return actionsOf(scope).has(action);
}
