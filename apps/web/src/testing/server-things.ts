/** Servers as the hub tells them. */
import type { Server } from '../lib/api-types.ts';

const status: Server['status'] = {
  id: 'docs',
  phase: 'running',
  health: 'healthy',
  asleep: false,
  needsSignIn: false,
  message: '',
  messageReason: null,
  error: null,
  errorReason: null,
  pid: null,
  startedAt: null,
  lastStartAt: null,
  nextRetryAt: null,
  failures: 0,
  lastActivityAt: null,
  instances: 1,
  inFlight: 0,
  protocolVersion: null,
  serverInfo: null,
  toolCount: 3,
};

const all: Server['can'] = {
  logs: true,
  configure: true,
  operate: true,
  use: true,
  remove: true,
  reveal: true,
  share: true,
  give: true,
};

const server: Server = {
  id: 'docs',
  name: 'Docs',
  description: '',
  docsUrl: null,
  slots: [],
  missingSlots: [],
  tags: [],
  desired: 'on',
  visibility: 'group',
  recording: 'errors',
  kind: 'stdio',
  transport: 'stdio',
  command: 'docs-server',
  args: [],
  env: {},
  cwd: null,
  url: null,
  headers: {},
  container: null,
  secrets: {},
  signIn: null,
  app: null,
  graph: null,
  isolation: 'shared',
  account: 'shared',
  limits: { startTimeoutMs: 60_000, callTimeoutMs: 120_000, maxCallMs: 1_800_000, idleMs: 600_000, maxInstances: 64 },
  createdBy: 'u-ada',
  ownerName: 'ada',
  createdAt: '2026-11-01T08:00:00.000Z',
  updatedAt: '2026-11-01T08:00:00.000Z',
  lastRestartAt: null,
  status,
  missing: [],
  can: all,
  calls: { count: 0, errors: 0, toolErrors: 0, avgMs: null, lastAt: null },
};

type Changes = Partial<Omit<Server, 'status' | 'can'>> & {
  status?: Partial<Server['status']>;
  can?: Partial<Server['can']>;
};

/** A server that runs and that the person may do everything with. */
export function exampleServer({ status: doing, can, ...changes }: Changes = {}): Server {
  return {
    ...server,
    ...changes,
    status: { ...status, ...(changes.id !== undefined && { id: changes.id }), ...doing },
    can: { ...all, ...can },
  };
}
