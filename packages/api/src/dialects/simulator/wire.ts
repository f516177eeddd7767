import { z } from 'zod';
import {
  AppName,
  AppParameter,
  AppAction,
  appVisibilities,
  CreateApp,
  PromptVariable,
} from '@switchboard/core/apps/schema';
import { documentedAs } from '../kit/documented.ts';
import { isFileAnswer, type FileAnswer } from '../kit/file.ts';
import { wholeNumber } from '../kit/words.ts';

const Numbered = z.string().min(1).max(128).meta({ description: 'The number of the object' });
export const ByApp = z.object({ app_id: Numbered });
export const ByToken = z.object({ token_id: Numbered });
export const ByPrompt = z.object({ prompt_id: Numbered });

const parameter = AppParameter.shape;
const typeWords = 'String, Integer, Number, Boolean, Array or Object; anything else is a string';
const parameterWords = {
  default: 'What it is where it is not given',
  options: 'The values that it may have',
  items: 'JSON Schema of the entries of an array',
  properties: 'JSON Schemas of the fields of an object',
};
/** A parameter of an action as it is given. */
const GivenParameter = z.object({
  key: parameter.key,
  type: parameter.type.meta({ description: typeWords }),
  required: parameter.required,
  description: parameter.description,
  default: parameter.default.meta({ description: parameterWords.default }),
  options: parameter.options.meta({ description: parameterWords.options }),
  items: parameter.items.meta({ description: parameterWords.items }),
  properties: parameter.properties.meta({ description: parameterWords.properties }),
});

const action = AppAction.shape;
const actionWords = {
  input_schema: 'JSON Schema of the arguments, in place of the parameters; null: the parameters say it',
  output_schema: 'JSON Schema of the answer; null: any',
  annotations: 'Hints of MCP such as readOnlyHint; null: none',
  answers: 'Ways to answer, the preferred one first',
  changes: 'Liquid template of a JSON Patch of the state; null: it changes nothing',
};
/** An action as it is given. */
const GivenAction = z.object({
  name: action.name,
  display_name: action.displayName,
  description: action.description,
  parameters: z.array(GivenParameter).max(200).default([]),
  input_schema: action.inputSchema.meta({ description: actionWords.input_schema }),
  output_schema: action.outputSchema.meta({ description: actionWords.output_schema }),
  annotations: action.annotations.meta({ description: actionWords.annotations }),
  answers: action.answers.meta({ description: actionWords.answers }),
  changes: action.changes.meta({ description: actionWords.changes }),
});

const JsonObject = z.record(z.string(), z.unknown());
/** An action in answers. */
export const Action = z
  .object({
    name: z.string(),
    display_name: z.string(),
    description: z.string(),
    parameters: z.array(
      z.object({
        key: z.string(),
        type: z.string().meta({ description: typeWords }),
        required: z.boolean(),
        description: z.string(),
        default: z.unknown().optional().meta({ description: parameterWords.default }),
        options: z.array(z.unknown()).optional().meta({ description: parameterWords.options }),
        items: JsonObject.optional().meta({ description: parameterWords.items }),
        properties: JsonObject.optional().meta({ description: parameterWords.properties }),
      }),
    ),
    input_schema: JsonObject.nullable().meta({ description: actionWords.input_schema }),
    output_schema: JsonObject.nullable().meta({ description: actionWords.output_schema }),
    annotations: JsonObject.nullable().meta({ description: actionWords.annotations }),
    answers: z.array(z.unknown()).meta({ description: actionWords.answers }),
    changes: z.string().nullable().meta({ description: actionWords.changes }),
  })
  .meta({ id: 'SimulatorAction' });
export type Action = z.output<typeof Action>;
export type GivenAction = z.output<typeof GivenAction>;

const given = CreateApp.shape;
export const AppBody = z.object({
  category: AppName,
  name: AppName,
  display_name: given.displayName,
  description: given.description,
  ai_notes: given.aiNotes.meta({ description: 'What a model that answers is told besides' }),
  enabled: given.enabled,
  actions: z.array(GivenAction).max(500).optional(),
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
    id: z.int().meta({ description: 'Its number' }),
    category: z.string(),
    name: z.string(),
    display_name: z.string(),
    description: z.string(),
    ai_notes: z.string(),
    enabled: z.boolean(),
    actions: z.array(Action),
    initial_state: z.record(z.string(), z.unknown()),
    seed: z.string().nullable().meta({ description: 'Makes answers repeat; null: they differ' }),
    profile: z.string().nullable().meta({ description: 'A well-known set of faults; null: none' }),
    faults: z.array(z.unknown()),
    visibility: z.enum(appVisibilities),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'SimulatorApp' });
export type App = z.output<typeof App>;
/** A list of apps in JSON: what was checked when it was stored is not checked again for each of thousands of actions. */
export const Apps = z.custom<FileAnswer>(isFileAnswer).meta(documentedAs(z.object({ apps: z.array(App) })));

/** An app as an export has it. */
export const Application = App.omit({ id: true, visibility: true, created_at: true, updated_at: true }).meta({
  id: 'SimulatorApplication',
});
export type Application = z.output<typeof Application>;
export const ImportBody = z.object({
  applications: z.array(z.unknown()).max(5_000).optional(),
  content: z.string().max(10_485_760).optional().meta({ description: 'A file with apps, in JSON or YAML' }),
});
export const Imported = z.object({
  success: z.boolean(),
  total: z.int().meta({ description: 'How many apps were given' }),
  created: z.int().meta({ description: 'How many are new' }),
  updated: z.int().meta({ description: 'How many were there and are changed' }),
  failed: z.int().meta({ description: 'How many were refused' }),
  errors: z.array(
    z.object({
      index: z.int().meta({ description: 'Its place among those that were given, from 0' }),
      app: z.string(),
      error: z.string(),
    }),
  ),
});
export const GenerateBody = z.object({
  category: AppName,
  name: AppName,
  display_name: z.string().max(200).optional(),
  description: z.string().max(8_000).default(''),
  prompt: z.string().min(1).max(16_000).meta({ description: 'What the product is to do' }),
  model: z.string().min(1).max(256).optional().meta({ description: 'Of the hub; simulator where none is named' }),
});

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
    id: z.int().meta({ description: 'Its number' }),
    token: z.string(),
    description: z.string(),
    enabled: z.boolean(),
    apps_count: z.int().meta({ description: 'How many apps it may call' }),
    created_at: z.string(),
    last_used: z.string().nullable().meta({ description: 'When it last called an app; null: never' }),
  })
  .meta({ id: 'SimulatorToken' });
export const NewToken = z.object({
  id: z.int().meta({ description: 'Its number' }),
  token: z.string(),
  description: z.string(),
  enabled: z.boolean(),
});

export const Prompt = z
  .object({
    id: z.int().meta({ description: 'Its number' }),
    name: z.string(),
    display_name: z.string(),
    description: z.string(),
    template: z.string(),
    variables: z.array(z.object({ name: z.string(), description: z.string() })),
    enabled: z.boolean(),
  })
  .meta({ id: 'SimulatorPrompt' });
export const PromptChanges = z.object({
  template: z.string().optional(),
  display_name: z.string().max(200).optional(),
  description: z.string().max(2_000).optional(),
  variables: z.array(PromptVariable).max(50).optional(),
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
    id: z.int().meta({ description: 'Its number' }),
    user_id: z
      .int()
      .nullable()
      .meta({ description: 'Number of who did it, or of the owner of the token; null: nobody in particular' }),
    username: z.string(),
    action: z.string(),
    target_type: z.string(),
    target_id: z.int().nullable().meta({ description: 'Number of what it was done to; null: it has none' }),
    details: z.record(z.string(), z.unknown()),
    ip_address: z.string().nullable().meta({ description: 'From where; null: unknown' }),
    created_at: z.string(),
  })
  .meta({ id: 'SimulatorLog' });
export const Logs = z.object({
  logs: z.array(LogEntry),
  total: z.int().meta({ description: 'How many entries there are' }),
  page: z.int().meta({ description: 'Which page this is' }),
  per_page: z.int().meta({ description: 'How many entries a page has' }),
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
