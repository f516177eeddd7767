import { type Action, type Holders, holdersOf } from '@switchboard/core/access';
import { roles } from '@switchboard/core/access/schema';
import { needsOf, type Route } from '../route.ts';

function and(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** The permission at the object that it needs besides, where seeing it is not enough. */
const atObject: Partial<Record<Holders['rule'], string>> = {
  'server:use': 'with `execute` at the server',
  'server:write': 'with `write` at the server',
  'server:own': 'at servers of their own',
};

/** The holders of a right, in words: `admins, and accounts with the grant …`. */
export function holdersText(holders: Holders): string {
  const has = holders.roles.length === roles.length ? 'every account' : and(holders.roles.map((role) => `${role}s`));
  const more = [
    ...(holders.groupManagers ? ['whoever manages the group'] : []),
    ...(holders.grant === null ? [] : [`accounts with the grant \`${holders.grant}\``]),
  ];
  const at = atObject[holders.rule];
  const people = [has, ...more].join(', and ') + (at === undefined ? '' : `, ${at}`);
  return holders.keys ? people : `${people}; no API key`;
}

function rightText(action: Action): string {
  return `\`${action}\` (${holdersText(holdersOf(action))})`;
}

/** Which rights a route asks for and who has them, out of what its verbs enforce. */
export function needsText(route: Route): string {
  if (route.auth === false) return '**Needs** no credentials.';
  const always = `**Needs** ${needsOf(route).map(rightText).join(', ')}.`;
  const entries = Object.entries(route.alsoNeeds ?? {}) as [Action, string][];
  return [always, ...entries.map(([action, when]) => `Also ${rightText(action)} ${when}.`)].join(' ');
}

type Requirement = Record<string, string[]>;

/** The credentials that a route takes, each with the rights that these must carry. */
export function securityOf(route: Route): Requirement[] {
  if (route.auth === false) return [];
  const needs = needsOf(route);
  const takesKeys = needs.every((action) => holdersOf(action).keys);
  return [{ bearer: needs }, ...(takesKeys ? [{ apiKey: needs }] : []), { cookie: needs }];
}
