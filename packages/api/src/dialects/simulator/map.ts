import type { App, AppLogEntry, AppPrompt, AppToken, CreateApp, NewAppToken } from '@switchboard/core/apps/schema';
import type { Action, Application, App as WireApp, AppBody, GivenAction } from './wire.ts';

/** Times of the document have no milliseconds. */
function iso(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

export function toAction({ displayName, inputSchema, outputSchema, ...action }: App['actions'][number]): Action {
  return { ...action, display_name: displayName, input_schema: inputSchema, output_schema: outputSchema };
}

export function toApp(app: App): WireApp {
  return {
    id: app.num,
    category: app.category,
    name: app.name,
    display_name: app.displayName,
    description: app.description,
    ai_notes: app.aiNotes,
    enabled: app.enabled,
    actions: app.actions.map(toAction),
    initial_state: app.initialState,
    seed: app.seed,
    profile: app.profile,
    faults: app.faults,
    visibility: app.visibility,
    created_at: iso(app.createdAt),
    updated_at: iso(app.updatedAt),
  };
}

/** An app as an export has it. */
export function toApplication({
  category,
  name,
  displayName,
  description = '',
  aiNotes = '',
  enabled = true,
  actions = [],
  initialState = {},
  seed = null,
  profile = null,
  faults = [],
}: CreateApp): Application {
  const same = { category, name, description, enabled, seed, profile, faults };
  return {
    ...same,
    display_name: displayName,
    ai_notes: aiNotes,
    actions: actions.map(toAction),
    initial_state: initialState,
  };
}

function fromAction({
  display_name: displayName,
  input_schema: inputSchema,
  output_schema: outputSchema,
  ...action
}: GivenAction) {
  return { ...action, displayName, inputSchema, outputSchema };
}

/** Leaves out what is not given. */
function defined<Fields extends object>(fields: Fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]: Exclude<Fields[Name], undefined>;
  };
}

type Changes = { [Field in keyof AppBody]?: AppBody[Field] | undefined };

/** The given fields of an app. */
export function fromApp(body: Changes): Partial<CreateApp> {
  const { display_name: displayName, ai_notes: aiNotes, initial_state: initialState, actions, ...same } = body;
  return defined({ ...same, displayName, aiNotes, initialState, actions: actions?.map(fromAction) });
}

export function toToken(token: AppToken) {
  return {
    id: token.num,
    token: token.shown,
    description: token.description,
    enabled: token.enabled,
    apps_count: token.apps.length,
    created_at: iso(token.createdAt),
    last_used: token.lastUsedAt && iso(token.lastUsedAt),
  };
}

export function toNewToken({ num, token, description, enabled }: NewAppToken) {
  return { id: num, token, description, enabled };
}

export function toPrompt({ num, name, displayName, description, template, variables, enabled }: AppPrompt) {
  return { id: num, name, display_name: displayName, description, template, variables, enabled };
}

export function toLog(entry: AppLogEntry) {
  return {
    id: entry.num,
    user_id: entry.userNum,
    username: entry.username,
    action: entry.action,
    target_type: entry.targetType,
    target_id: entry.targetId,
    details: entry.details,
    ip_address: entry.address,
    created_at: iso(entry.createdAt),
  };
}
