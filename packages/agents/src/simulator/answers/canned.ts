import type { JsonObject } from '../../types.ts';
import { wholeOf, type Random } from '../chance.ts';
import type { SimulatedAction, SimulatedApp } from '../types.ts';

/** The input of a canned answer. */
export interface CannedInput {
  app: SimulatedApp;
  action: SimulatedAction;
  arguments: JsonObject;
  random: Random;
  time: number;
}

function digits(random: Random, length: number): string {
  return Array.from({ length }, () => wholeOf(random, 0, 9)).join('');
}

function firstText(args: JsonObject, ...names: string[]): string | null {
  for (const name of names) {
    const value = Object.hasOwn(args, name) ? args[name] : undefined;
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}

type Canned = (input: CannedInput, at: string) => JsonObject;

function message({ random, arguments: args }: CannedInput, at: string): JsonObject {
  const to = firstText(args, 'to', 'to_user', 'user_id', 'chat_id', 'receiver', 'recipient');
  return {
    success: true,
    message_id: `msg_${digits(random, 10)}`,
    status: 'sent',
    ...(to === null ? {} : { to }),
    sent_at: at,
  };
}

function ipCheck({ random, arguments: args }: CannedInput, at: string): JsonObject {
  const score = wholeOf(random, 0, 100);
  return {
    success: true,
    ip: firstText(args, 'ip', 'ip_address', 'address', 'target') ?? '203.0.113.10',
    reputation: score >= 70 ? 'malicious' : score >= 40 ? 'suspicious' : 'clean',
    score,
    checked_at: at,
  };
}

function ticket({ random }: CannedInput, at: string): JsonObject {
  return { success: true, ticket_id: `TICKET-${digits(random, 5)}`, status: 'open', updated_at: at };
}

function command({ arguments: args, action }: CannedInput, at: string): JsonObject {
  const run = firstText(args, 'command', 'cmd') ?? action.name;
  return { success: true, command: run, output: `${run}: OK`, exit_code: 0, executed_at: at };
}

function status({ random, app }: CannedInput, at: string): JsonObject {
  const uptime = wholeOf(random, 3600, 30 * 86_400);
  return { success: true, product: app.name, status: 'running', uptime_seconds: uptime, checked_at: at };
}

function anything({ app, action, arguments: args }: CannedInput): JsonObject {
  const name = app.displayName || app.name;
  return { success: true, app: app.name, action: action.name, data: args, message: `${name}: ${action.name} done` };
}

const checks = ['query', 'check', 'scan', 'get', 'lookup', 'reputation', 'intel'];

/** Which answer a name asks for, by words in it. */
function cannedFor(name: string): Canned {
  const text = name.toLowerCase();
  const words = text.split(/[^a-z0-9]+/);
  if (text.includes('message')) return message;
  if (words.includes('ip') && checks.some((check) => text.includes(check))) return ipCheck;
  if (text.includes('ticket')) return ticket;
  if (text.includes('command')) return command;
  return text.includes('status') ? status : anything;
}

/** The answer where no mode has one. */
export function cannedAnswer(input: CannedInput): JsonObject {
  return cannedFor(input.action.name)(input, new Date(input.time).toISOString());
}
