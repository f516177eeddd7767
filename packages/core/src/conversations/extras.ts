import type { JsonObject } from '@switchboard/agents';
import { isObject } from '@switchboard/basics';
import { runtimeCredentialOf } from '../access/credential.ts';
import { translateRpcError } from '../calls/rpc-error.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { newId } from '../secrets.ts';
import { verb } from '../verb.ts';
import {
  ChosenTools,
  CompleteExtra,
  ReadExtra,
  UsePrompt,
  type ConversationExtras,
  type OfferedPrompt,
  type OfferedResource,
  type UsedPrompt,
} from './schema.ts';
import { selectChosen } from './tools.ts';

const mostListed = 1_000;
const longestText = 500_000;

function text(value: unknown, most = 1_000): string | null {
  return typeof value === 'string' ? value.slice(0, most).toWellFormed() : null;
}

function objects(value: unknown): JsonObject[] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  return list.slice(0, mostListed).filter(isObject);
}

async function ask(ctx: Ctx, chosen: ChosenTools, method: string, params: JsonObject): Promise<JsonObject> {
  const selection = await selectChosen(ctx, chosen);
  return ctx.hub.runtime
    .call({
      credential: runtimeCredentialOf(ctx.actor),
      selection,
      method,
      params,
      via: 'chat',
      clientName: 'switchboard-chat',
      signal: ctx.signal,
      requestId: newId(),
    })
    .catch((error: unknown) => {
      throw translateRpcError(error, selection.endpoint);
    });
}

function toArgument({ name, description, required }: JsonObject): OfferedPrompt['arguments'][number] {
  return { name: text(name, 256) ?? '', description: text(description), required: required === true };
}

/** Prompts and resources of what was chosen, for commands and mentions of a message. A server that is away has none. */
export const listExtras = verb(
  { name: 'server.use', access: 'read', input: ChosenTools },
  async (ctx, chosen): Promise<ConversationExtras> => {
    const { prompts } = ctx.hub.runtime.exposure(await selectChosen(ctx, chosen));
    const listed = await ask(ctx, chosen, 'resources/list', {}).catch(() => ({ resources: [] }));
    return {
      prompts: prompts.slice(0, mostListed).map(({ serverId, name, exposedName, definition }) => ({
        server: serverId,
        name,
        exposedName,
        title: text(definition['title'], 256),
        description: text(definition['description']),
        arguments: objects(definition['arguments']).map(toArgument),
      })),
      resources: objects(listed['resources']).flatMap(
        ({ uri, name, title, description, mimeType }): OfferedResource[] =>
          typeof uri === 'string' && uri.length <= 8_192
            ? [
                {
                  uri,
                  name: text(title, 256) ?? text(name, 256) ?? uri,
                  description: text(description),
                  mimeType: text(mimeType, 256),
                },
              ]
            : [],
      ),
    };
  },
);

function partText(content: unknown): string {
  const [block] = objects([content]);
  const [resource] = objects([block?.['resource']]);
  return text(block?.['text'] ?? resource?.['text'], longestText) ?? '';
}

/** Renders a prompt of a server: the text of its messages, for the person to send. */
export const usePrompt = verb(
  { name: 'server.use', access: 'read', input: UsePrompt },
  async (ctx, { chosen, name, arguments: given }): Promise<UsedPrompt> => {
    const result = await ask(ctx, chosen, 'prompts/get', { name, arguments: given });
    const messages = objects(result['messages']).map(({ role, content }) => ({
      role: role === 'assistant' ? ('assistant' as const) : ('user' as const),
      text: partText(content),
    }));
    return { messages };
  },
);

/** The text of a resource, to go along with a message. */
export const readExtra = verb(
  { name: 'server.use', access: 'read', input: ReadExtra },
  async (ctx, { chosen, uri }): Promise<{ uri: string; text: string }> => {
    const result = await ask(ctx, chosen, 'resources/read', { uri });
    const texts = objects(result['contents']).flatMap(({ text: each }) => (typeof each === 'string' ? [each] : []));
    if (texts.length === 0) throw new DomainError('invalid', say('resourceNoText', { uri }));
    return { uri, text: texts.join('\n').slice(0, longestText).toWellFormed() };
  },
);

/** Completions for an argument of a prompt, as its server suggests them. */
export const completeExtra = verb(
  { name: 'server.use', access: 'read', input: CompleteExtra },
  async (ctx, { chosen, prompt, argument, value }): Promise<string[]> => {
    const params = { ref: { type: 'ref/prompt', name: prompt }, argument: { name: argument, value } };
    const result = await ask(ctx, chosen, 'completion/complete', params).catch((): JsonObject => ({}));
    const [completion] = objects([result['completion']]);
    const values: unknown[] = Array.isArray(completion?.['values']) ? completion['values'] : [];
    return values.slice(0, 100).flatMap((each) => text(each, 256) ?? []);
  },
);
