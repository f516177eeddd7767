import type { App, AppLogEntry, AppPrompt, AppToken, CreateApp, NewAppToken } from '@switchboard/core/apps/schema';
import type { Action, Application, App as WireApp, AppBody, GivenAction } from './wire.ts';

/** Times of the document have no milliseconds. */
function iso(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

export function toAction({ displayName, inputSchema, outputSchema, ...action }: App['actions'][number]): Action {
  return { ...action, display_name: displayName, input_schema: inputSchema, output_schema: outputSchema };
}

function withoutParts(app: App): Omit<WireApp, 'actions' | 'initial_state' | 'faults'> {
  return {
    id: app.num,
    category: app.category,
    name: app.name,
    display_name: app.displayName,
    description: app.description,
    ai_notes: app.aiNotes,
    enabled: app.enabled,
    seed: app.seed,
    profile: app.profile,
    visibility: app.visibility,
    created_at: iso(app.createdAt),
    updated_at: iso(app.updatedAt),
  };
}

function partsOf({ actions, initialState, faults }: App): Pick<WireApp, 'actions' | 'initial_state' | 'faults'> {
  return { actions: actions.map(toAction), initial_state: initialState, faults };
}

export function toApp(app: App): WireApp {
  return { ...withoutParts(app), ...partsOf(app) };
}

/** The large parts of apps in JSON, by their actions: a revision that the hub has in memory has one array of them. */
const written = new WeakMap<App['actions'], Buffer>();

function partsText(app: App): Buffer {
  const known = written.get(app.actions);
  if (known) return known;
  const text = Buffer.from(JSON.stringify(partsOf(app)).slice(1));
  written.set(app.actions, text);
  return text;
}

/** `{ apps }` in JSON, of texts that are copied and not made again: thousands of actions in one string are mostly garbage. */
export function appsText(apps: readonly App[]): Buffer {
  const pieces = apps.flatMap((app, index) => {
    const head = JSON.stringify(withoutParts(app)).slice(0, -1);
    return [Buffer.from(`${index === 0 ? '' : ','}${head},`), partsText(app)];
  });
  return Buffer.concat([Buffer.from('{"apps":['), ...pieces, Buffer.from(']}')]);
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
