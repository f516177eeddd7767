import { createAccumulator } from '@switchboard/agents/chat';
import {
  actionMessages,
  actionsFromOpenApi,
  actionsFromTools,
  actionsIn,
  OpenApiError,
  type Sourced,
} from '@switchboard/agents/simulator';
import { invalidField, messageOf } from '../errors.ts';
import { fromProvider } from '../models/provider-refusal.ts';
import { requireModel } from '../models/queries.ts';
import { takeTurn } from '../models/turns.ts';
import { said } from '../reasons.ts';
import { listItems } from '../servers/items.ts';
import { requireServer } from '../servers/queries.ts';
import { verb } from '../verb.ts';
import { AppAction, mostActions, mostActionBytes } from './fields.ts';
import { readDocument } from './file.ts';
import { FromOpenApi, FromServer, GenerateActions, simulatorModel, type DraftedActions } from './schema.ts';

/** Keeps the valid actions; the problems of the others are listed. */
function drafted({ actions, problems }: Sourced, about: { displayName: string; description: string }): DraftedActions {
  const all: DraftedActions = { actions: [], problems: [...problems], ...about };
  let bytes = 2;
  for (const action of actions) {
    const parsed = AppAction.safeParse(action);
    if (parsed.success) {
      bytes += JSON.stringify(parsed.data).length + 1;
      if (all.actions.length < mostActions && bytes <= mostActionBytes) all.actions.push(parsed.data);
      else
        all.problems.push({
          where: action.name,
          message: `is left out: an app has ${mostActions} actions and 4 MB of them at most`,
        });
    } else all.problems.push({ where: action.name, message: parsed.error.issues[0]?.message ?? 'is no action' });
  }
  return all;
}

/** The tools of a connected server as actions, as far as the actor may look at them. */
export const actionsOfServer = verb(
  { name: 'app.create', access: 'read', input: FromServer },
  async (ctx, { server }): Promise<DraftedActions> => {
    const row = await requireServer(ctx, server);
    const { tools } = await listItems(ctx, { id: row.id });
    const definitions = tools.filter(({ enabled }) => enabled).map(({ definition }) => definition);
    return drafted(actionsFromTools(definitions), { displayName: row.name, description: row.description });
  },
);

/** The operations of an OpenAPI document as actions. */
export const actionsOfOpenApi = verb(
  { name: 'app.create', access: 'read', input: FromOpenApi },
  (_ctx, { text }): Promise<DraftedActions> => {
    try {
      const found = actionsFromOpenApi(readDocument(text));
      return Promise.resolve(drafted(found, { displayName: found.title, description: found.description }));
    } catch (error) {
      if (!(error instanceof OpenApiError) && !(error instanceof SyntaxError)) throw error;
      throw invalidField('text', said(messageOf(error)));
    }
  },
);

/** Asks a model for actions. Nothing is stored. */
export const generateActions = verb(
  { name: 'app.create', access: 'write', input: GenerateActions, tx: false },
  async (ctx, { model = simulatorModel, ...input }): Promise<DraftedActions> => {
    const row = await requireModel(ctx, model, 'model.use');
    ctx.audit({ details: { generated: `${input.category}/${input.name}`, model: row.name } });
    const prompt = ctx.simulator.prompt('action_generation');
    const messages = actionMessages(input, prompt?.body);
    const answer = createAccumulator();
    try {
      const { chunks } = await takeTurn(ctx, {
        model: row.id,
        messages,
        way: 'simulator',
        parameters: { max_tokens: 8_192 },
      });
      for await (const chunk of chunks) answer.add(chunk);
    } catch (error) {
      throw fromProvider(error);
    }
    const text = answer.answer().choices[0]?.message.content ?? '';
    return drafted(actionsIn(text), { displayName: input.displayName, description: input.description });
  },
);
