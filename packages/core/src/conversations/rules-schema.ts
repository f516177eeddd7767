import { z } from 'zod';
import { toolVerdicts, type toolRuleScopes } from '@switchboard/db/words';
import { Name } from './fields.ts';

/** The actor's own rules, or those of a group. */
export const ListToolRules = z.object({ groupId: Name.optional() });

/** The rule for a tool; null removes the rule. */
export const SetToolRule = z.object({
  server: Name,
  tool: z.string().min(1).max(512),
  groupId: Name.optional(),
  verdict: z.enum(toolVerdicts).nullable(),
});

export interface ToolRule {
  id: string;
  serverId: string;
  tool: string;
  scope: (typeof toolRuleScopes)[number];
  groupId: string | null;
  conversationId: string | null;
  verdict: (typeof toolVerdicts)[number];
  createdAt: Date;
}
