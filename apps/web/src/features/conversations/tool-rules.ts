import type { Outputs } from '../../lib/trpc.ts';

export type ToolRule = Outputs['conversations']['rules'][number];
export type Verdict = ToolRule['verdict'];
export const verdicts: readonly Verdict[] = ['allow', 'ask', 'deny'];

/** Whose rules they are: a group's, or the reader's own. */
export interface RulesOf {
  groupId?: string;
}

/** What a server is called, by its id. */
export interface NamedServer {
  id: string;
  name: string;
}

/** Rules by server, as the servers are called; what a server's name does not tell goes by its id. */
export function rulesByServer(rules: readonly ToolRule[], servers: readonly NamedServer[]) {
  const names = new Map(servers.map(({ id, name }) => [id, name]));
  const ids = [...new Set(rules.map(({ serverId }) => serverId))];
  return ids
    .map((id) => ({ id, name: names.get(id) ?? id, rules: rules.filter(({ serverId }) => serverId === id) }))
    .toSorted((one, other) => one.name.localeCompare(other.name));
}

/** Tools of which nothing is said yet. */
export function toolsWithout(rules: readonly ToolRule[], serverId: string, tools: readonly string[]): string[] {
  const said = new Set(rules.filter((rule) => rule.serverId === serverId).map(({ tool }) => tool));
  return tools.filter((tool) => !said.has(tool));
}
