import { z } from 'zod';
import { appVisibilities, faultProfiles, visibilities } from '@switchboard/db/words';
import { SmallObject } from '../models/fields.ts';
import { NoNul } from '../servers/fields.ts';
import { AppAction, AppActions, type AppFault, AppFaults, AppName, AppProfile, AppRef, AppSeed } from './fields.ts';

export {
  AppAction,
  AppActions,
  AppAnswer,
  AppFault,
  AppName,
  appNameRule,
  appNamePattern,
  AppParameter,
} from './fields.ts';
export * from './sources-schema.ts';
export { appVisibilities, faultProfiles };
export type AppVisibility = (typeof appVisibilities)[number];
export type FaultProfile = (typeof faultProfiles)[number];

/** The model that answers where an action names none. */
export const simulatorModel = 'simulator';
/** The public token of the demo. */
export const demoToken = 'demo-token-123';

const fields = {
  category: AppName,
  name: AppName,
  displayName: NoNul(200).refine((text) => text.trim() !== '', 'must not be empty'),
  description: NoNul(8_000),
  aiNotes: NoNul(16_000),
  enabled: z.boolean(),
  actions: AppActions,
  initialState: SmallObject,
  seed: AppSeed,
  profile: AppProfile,
  faults: AppFaults,
  visibility: z.enum(appVisibilities),
};

export const CreateApp = z.object(fields).partial().required({ category: true, name: true, displayName: true });
export type CreateApp = z.infer<typeof CreateApp>;

/** Missing fields keep their value. */
export const AppPatch = z.object(fields).partial();
export type AppPatch = z.infer<typeof AppPatch>;

export const AppById = z.object({ id: AppRef });
export const UpdateApp = z.object({ id: AppRef, patch: AppPatch });

export interface AppRights {
  use: boolean;
  configure: boolean;
}

/** A simulated product as an actor sees it. */
export interface App extends z.output<z.ZodObject<typeof fields>> {
  id: string;
  /** The id of the documented API. */
  num: number;
  /** Null: the admins'. */
  createdBy: string | null;
  ownerName: string | null;
  createdAt: Date;
  updatedAt: Date;
  /** The server as which the hub shows it, where the actor sees it. */
  serverId: string | null;
  /** How many recorded calls it has. */
  pairs: number;
  can: AppRights;
}

/** An app in a list: its actions are names. */
export interface ListedApp extends Omit<App, 'actions' | 'initialState' | 'faults' | 'aiNotes'> {
  actions: string[];
}
export type { AppAction as Action, AppFault as Fault };

const tokenFields = {
  description: NoNul(200),
  enabled: z.boolean(),
  seed: AppSeed,
  profile: AppProfile,
  faults: AppFaults,
};
export const CreateAppToken = z.object({ ...tokenFields, apps: z.array(AppRef).max(10_000) }).partial();
export const AppTokenPatch = z.object(tokenFields).partial();
const TokenRef = AppRef;
export const AppTokenById = z.object({ id: TokenRef });
export const UpdateAppToken = z.object({ id: TokenRef, patch: AppTokenPatch });
/** Replaces the whole set. */
export const SetTokenApps = z.object({ id: TokenRef, apps: z.array(AppRef).max(10_000) });

/** The credential with which programs call products; the token itself is shown once, when it is made. */
export interface AppToken {
  id: string;
  num: number;
  /** How it begins, then `***`; the public demo token whole. */
  shown: string;
  description: string;
  enabled: boolean;
  seed: string | null;
  profile: FaultProfile | null;
  faults: z.output<typeof AppFault>[];
  /** Ids of the products it may call. */
  apps: string[];
  createdBy: string | null;
  ownerName: string | null;
  createdAt: Date;
  updatedAt: Date;
  lastUsedAt: Date | null;
}
export interface NewAppToken extends AppToken {
  token: string;
}

export const PromptById = z.object({ id: z.union([z.int().min(1), z.string().min(1).max(64)]) });
/** Stands in a template as `{name}`. */
export const PromptVariable = z.object({
  name: z.string().regex(/^[A-Za-z_]\w{0,63}$/),
  description: NoNul(500).default(''),
});
export const PromptPatch = z
  .object({
    displayName: NoNul(200),
    description: NoNul(2_000),
    template: NoNul(65_536).refine((text) => text.trim() !== '', 'must not be empty'),
    variables: z.array(PromptVariable).max(50),
    enabled: z.boolean(),
  })
  .partial();
export const UpdatePrompt = z.object({ id: PromptById.shape.id, patch: PromptPatch });
/** A template with which models are asked to answer for products or to make actions. */
export interface AppPrompt {
  num: number;
  name: string;
  displayName: string;
  description: string;
  template: string;
  variables: z.output<typeof PromptVariable>[];
  enabled: boolean;
  updatedAt: Date;
}

export const ListAppLogs = z.object({
  page: z.int().min(1).max(1_000_000).default(1),
  limit: z.int().min(1).max(1_000).default(50),
  action: z.string().max(128).optional(),
  app: AppRef.optional(),
  /** Only its calls, since they were forgotten. */
  token: AppRef.optional(),
});
/** Something done to products, or a call of one. */
export interface AppLogEntry {
  num: number;
  kind: 'operation' | 'call';
  userNum: number | null;
  username: string;
  action: string;
  targetType: string;
  targetId: number | null;
  details: Record<string, unknown>;
  address: string | null;
  createdAt: Date;
}

/** Missing fields keep their value. */
export const LlmConfig = z
  .object({
    apiKey: z.string().max(4_096),
    baseUrl: z.string().max(2_048),
    model: z.string().min(1).max(256),
    thinking: z.boolean(),
    stream: z.boolean(),
  })
  .partial();
export type LlmConfig = z.infer<typeof LlmConfig>;
/** The key is masked. */
export type ShownLlmConfig = { [Field in keyof LlmConfig]-?: Exclude<LlmConfig[Field], undefined> };

export const SetAppState = z.object({ id: TokenRef, state: SmallObject.nullable() });
export const SnapshotByName = z.object({
  id: TokenRef,
  name: z
    .string()
    .min(1)
    .max(100)
    .refine((text) => !text.includes('\0'), 'must not contain NUL'),
});
export interface AppState {
  state: Record<string, unknown>;
  /** Goes up with each change. */
  version: number;
  snapshots: { name: string; createdAt: Date }[];
}

export const ShowApp = z.object({ id: AppRef, visibility: z.enum(visibilities).optional() });
/** An action that could be stored as it is. */
const DraftAction = AppAction.superRefine((action, issues) => {
  const [problem] = AppActions.safeParse([action]).error?.issues ?? [];
  if (problem) issues.addIssue({ code: 'custom', path: problem.path.slice(1), message: problem.message });
});
export const TryApp = z.object({
  id: AppRef,
  action: z.string().min(1).max(128),
  arguments: SmallObject.default({}),
  /** With the state, seed and faults of this token; else with a state of one's own. */
  tokenId: TokenRef.optional(),
  /** Answers in place of what is stored; only who may change the app can give one. */
  draft: DraftAction.optional(),
  /** Begins with another state of one's own. */
  afresh: z.boolean().default(false),
});
/** The outcome of a call. */
export interface Tried {
  /** As `tools/call` gives it. */
  result: Record<string, unknown> | null;
  error: { code: number; message: string; data?: unknown } | null;
  /** The fault that the product's own URL would add to the answer. */
  wire: string | null;
  mode: string | null;
  model: string | null;
  faults: string[];
  tookMs: number;
  state: Record<string, unknown>;
}

/** Apps as they are given to another hub. */
export interface ExportedApps {
  format: 'switchboard-apps';
  version: 1;
  exportedAt: string;
  apps: CreateApp[];
}
