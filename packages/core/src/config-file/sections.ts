import { alertsInFile } from '../alerts/section.ts';
import { appsInFile, promptsInFile } from '../apps/section.ts';
import { settingsInFile } from '../configuration/section.ts';
import { graphsInFile } from '../graphs/section.ts';
import { groupsInFile } from '../groups/section.ts';
import { budgetsInFile } from '../models/budget-section.ts';
import { modelsInFile } from '../models/section.ts';
import { serversInFile } from '../servers/section.ts';
import { peopleInFile } from '../users/section.ts';
import { webhooksInFile } from '../webhooks/section.ts';
import type { SectionName } from './schema.ts';
import type { Section } from './section.ts';

/** Sections by name, in the order in which they are written: what is referred to comes first. */
export const fileSections: Readonly<Record<SectionName, Section>> = {
  settings: settingsInFile,
  people: peopleInFile,
  groups: groupsInFile,
  models: modelsInFile,
  products: appsInFile,
  prompts: promptsInFile,
  servers: serversInFile,
  graphs: graphsInFile,
  alerts: alertsInFile,
  webhooks: webhooksInFile,
  budgets: budgetsInFile,
};

/** Those that refer to sections written after them, in the order in which they are finished. */
export const finishedSections: readonly SectionName[] = ['servers', 'groups', 'alerts', 'budgets'];

const credential = 'What signs in is never told: it is made anew.';
const history = 'What happened is no configuration.';
const ofThisHub = 'It is of this hub alone, and made by it.';
const personal = 'What people say to models is theirs, and no admin reads it.';

/** Tables that no file tells, with the reason. */
export const leftOut: Readonly<Record<string, string>> = {
  api_keys: 'A key is told once, when it is made; people make theirs anew.',
  sessions: credential,
  refresh_tokens: credential,
  app_tokens: credential,
  oauth_clients: credential,
  oauth_grants: credential,
  oauth_objects: credential,
  slot_values: credential,
  upstream_clients: credential,
  upstream_grants: credential,
  sign_in_attempts: history,
  app_grants: 'They go with the tokens.',
  app_snapshots: 'They go with the tokens.',
  app_pairs: 'Recorded calls hold what tools answered.',
  app_logs: history,
  stacks:
    'Their files lie on an engine and are checked there, which no transaction can undo; export them as Compose files.',
  generated_tools: 'What a model wrote has to be reviewed at each hub.',
  generations: history,
  catalogs: 'What servers offer is asked of them.',
  alerts: history,
  audit: history,
  call_records: history,
  webhook_deliveries: history,
  versions: 'Versions of files are what git keeps.',
  series: history,
  series_keys: history,
  series_changes: history,
  gauge_series: history,
  model_turns: history,
  model_days: history,
  claude_requests: history,
  agent_runs: history,
  agent_steps: history,
  agent_events: history,
  hubs: ofThisHub,
  task_routes: ofThisHub,
  rate_counters: ofThisHub,
  conversations: personal,
  conversation_groups: personal,
  chat_presets: personal,
  tool_rules: personal,
};
