import { z } from 'zod';
import { AppName, AppParameter, AppAction, appVisibilities, CreateApp } from '@switchboard/core/apps/schema';
import { wholeNumber } from '../kit/words.ts';

const Numbered = z.string().min(1).max(128).meta({ description: 'The number of the object' });
export const ByApp = z.object({ app_id: Numbered });
export const ByToken = z.object({ token_id: Numbered });
export const ByPrompt = z.object({ prompt_id: Numbered });

const parameter = AppParameter.shape;
/** A parameter of an action as the document has it. */
const Parameter = z
  .object({
    key: parameter.key,
    type: parameter.type.meta({
      description: 'String, Integer, Number, Boolean, Array or Object; anything else is a string',
    }),
    required: parameter.required,
    description: parameter.description,
    default: parameter.default,
    options: parameter.options.meta({ description: 'The values that it may have' }),
    items: parameter.items.meta({ description: 'JSON Schema of the entries of an array' }),
    properties: parameter.properties.meta({ description: 'JSON Schemas of the fields of an object' }),
  })
  .meta({ id: 'SimulatorParameter' });

const action = AppAction.shape;
export const Action = z
  .object({
    name: action.name,
    display_name: action.displayName,
    description: action.description,
    parameters: z.array(Parameter).max(200).default([]),
    input_schema: action.inputSchema.meta({ description: 'JSON Schema of the arguments, in place of the parameters' }),
    output_schema: action.outputSchema.meta({ description: 'JSON Schema of the answer' }),
    annotations: action.annotations.meta({ description: 'Hints of MCP such as readOnlyHint' }),
    answers: action.answers.meta({ description: 'Ways to answer, the preferred one first' }),
    changes: action.changes.meta({ description: 'Liquid template of a JSON Patch of the state' }),
  })
  .meta({ id: 'SimulatorAction' });
export type Action = z.output<typeof Action>;

const given = CreateApp.shape;
export const AppBody = z.object({
  category: AppName,
  name: AppName,
  display_name: given.displayName,
  description: given.description,
  ai_notes: given.aiNotes.meta({ description: 'What a model that answers is told besides' }),
  enabled: given.enabled,
  actions: z.array(Action).max(500).optional(),
  initial_state: given.initialState,
  seed: given.seed.meta({ description: 'Makes answers repeat' }),
  profile: given.profile.meta({ description: 'A well-known set of faults: flaky, slow, down or rate-limited' }),
  faults: given.faults.meta({ description: 'What goes wrong, and which calls it meets' }),
  visibility: given.visibility,
});
export type AppBody = z.output<typeof AppBody>;
export const AppChanges = AppBody.partial();

export const App = z
  .object({
    id: z.int(),
    category: z.string(),
    name: z.string(),
    display_name: z.string(),
    description: z.string(),
    ai_notes: z.string(),
    enabled: z.boolean(),
    actions: z.array(Action),
    initial_state: z.record(z.string(), z.unknown()),
    seed: z.string().nullable(),
    profile: z.string().nullable(),
    faults: z.array(z.unknown()),
    visibility: z.enum(appVisibilities),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'SimulatorApp' });
export type App = z.output<typeof App>;

export const Message = z.object({ message: z.string() });

export const TokenBody = z.object({
  description: z.string().max(200).optional(),
  name: z.string().max(200).optional().meta({ description: 'Another word for description' }),
});
export const TokenChanges = z.object({
  description: z.string().max(200).optional(),
  name: z.string().max(200).optional().meta({ description: 'Another word for description' }),
  enabled: z.boolean().optional(),
});
export const TokenApps = z.object({ app_ids: z.array(z.int().min(1)).max(10_000) });
export const Token = z
  .object({
    id: z.int(),
    token: z.string(),
    description: z.string(),
    enabled: z.boolean(),
    apps_count: z.int(),
    created_at: z.string(),
    last_used: z.string().nullable(),
  })
  .meta({ id: 'SimulatorToken' });
export const NewToken = z.object({ id: z.int(), token: z.string(), description: z.string(), enabled: z.boolean() });

export const Prompt = z
  .object({
    id: z.int(),
    name: z.string(),
    display_name: z.string(),
    description: z.string(),
    template: z.string(),
    variables: z.array(z.string()),
    enabled: z.boolean(),
  })
  .meta({ id: 'SimulatorPrompt' });
export const PromptChanges = z.object({
  template: z.string().optional(),
  display_name: z.string().max(200).optional(),
  description: z.string().max(2_000).optional(),
  variables: z.array(z.string()).max(50).optional(),
  enabled: z.boolean().optional(),
});

export const LlmConfig = z.object({
  api_key: z.string().max(4_096).optional().meta({ description: 'One with *** in it keeps the stored key' }),
  api_base_url: z.string().max(2_048).optional(),
  model_name: z.string().min(1).max(256).optional(),
  enable_thinking: z.boolean().optional(),
  enable_stream: z.boolean().optional(),
});
export type LlmConfig = z.output<typeof LlmConfig>;
export const ShownLlmConfig = z.object({
  api_key: z.string(),
  api_base_url: z.string(),
  model_name: z.string(),
  enable_thinking: z.boolean(),
  enable_stream: z.boolean(),
});
export const Tested = z.object({
  success: z.boolean(),
  message: z.string().optional(),
  model: z.string().optional(),
  response: z.string().optional(),
  duration: z.string().optional(),
  error: z.string().optional(),
});

export const LogQuery = z.object({
  page: wholeNumber(1, 1_000_000).default(1).meta({ description: 'Which page, from 1 on' }),
  per_page: wholeNumber(1, 1_000).default(50).meta({ description: 'How many of a page' }),
  action: z.string().max(128).optional().meta({ description: 'Only entries of this action' }),
  app_id: z.string().max(128).optional().meta({ description: 'Only calls of this app' }),
});
export const LogEntry = z
  .object({
    id: z.int(),
    user_id: z.int().nullable(),
    username: z.string(),
    action: z.string(),
    target_type: z.string(),
    target_id: z.int().nullable(),
    details: z.record(z.string(), z.unknown()),
    ip_address: z.string().nullable(),
    created_at: z.string(),
  })
  .meta({ id: 'SimulatorLog' });
export const Logs = z.object({
  logs: z.array(LogEntry),
  total: z.int(),
  page: z.int(),
  per_page: z.int(),
  hasMore: z.boolean(),
});

export const LoginBody = z.object({
  username: z.string().min(1).max(256),
  password: z.string().min(1).max(1_024),
  mfa_code: z.string().max(64).optional().meta({ description: 'Of an account with a second factor' }),
});
export const PasswordBody = z.object({
  old_password: z.string().min(1).max(1_024),
  new_password: z.string().min(1).max(1_024),
});
