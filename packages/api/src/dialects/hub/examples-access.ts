import { world } from '../kit/example-world.ts';
import { answer } from './examples.ts';
import type { HubKey } from './wire-keys.ts';

/** Answers about sign-ins, second factors, API keys and the trail, as the document shows them. */

const admin = { id: world.adminId, username: 'admin', role: 'admin', permissions: ['*'] };

export const auth = {
  signedIn: answer({ token: world.token, refreshToken: 'refresh_token_here', expiresIn: 86_400, user: admin }),
  signedOut: answer({ ended: true }),
  verified: answer({ valid: true, user: admin, expiresAt: '2024-01-02T12:00:00.000Z' }),
};

export const mfa = {
  begun: answer({
    type: 'totp',
    secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    uri: 'otpauth://totp/Switchboard:admin?issuer=Switchboard&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    qrCode: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 41 41">…</svg>',
  }),
  enabled: answer({ enabled: true, recoveryCodes: ['a1b2c-d3e4f', 'g5h6i-j7k8l'] }),
  disabled: answer({ enabled: false }),
};

const key: HubKey = {
  id: world.keyId,
  name: 'ci',
  prefix: 'sbk_4f9a2c71',
  userId: world.adminId,
  permissions: ['servers:read'],
  endpoints: null,
  groups: null,
  servers: null,
  tools: null,
  resources: null,
  callsPerMinute: null,
  createdAt: world.now,
  expiresAt: '2030-01-01T00:00:00.000Z',
  lastUsedAt: null,
};

export const keys = {
  list: answer({ items: [key] }),
  created: answer({ ...key, key: 'sbk_4f9a2c71_the-secret-part-is-shown-once' }),
  changed: answer({ ...key, callsPerMinute: 60 }),
  revoked: answer({ id: world.keyId }),
};

const setAside = {
  id: world.jobId,
  type: 'history.prune',
  reason: 'It took longer than it may.',
  setAsideAt: world.now,
  askedAt: world.now,
  tries: 6,
  input: {},
};

export const jobs = {
  list: answer({
    trouble: null,
    types: [
      {
        name: 'history.prune',
        schedule: '11 * * * *',
        waiting: 0,
        running: 0,
        lastRun: { endedAt: world.now, ok: true, durationMs: 42 },
        nextRunAt: '2024-01-01T12:11:00.000Z',
        failed: 1,
        lastError: 'It took longer than it may.',
      },
    ],
    setAside: [setAside],
  }),
  one: answer(setAside),
};

const alert = {
  id: world.alertId,
  severity: 'critical',
  message: "'server-1' does not run.",
  detail: 'The program ended with code 1.',
  rule: { id: 'server-failing', name: 'A server does not run', kind: 'server-failing' },
  value: 3,
  status: 'firing',
  serverId: world.serverId,
  since: world.now,
  resolvedAt: null,
  acknowledgedBy: null,
};

export const alerts = {
  list: answer({ items: [alert], nextCursor: null }),
  one: answer({ ...alert, status: 'acknowledged', acknowledgedBy: 'admin' }),
};

const entry = {
  id: '42',
  kind: 'change',
  timestamp: world.now,
  action: 'group.create',
  actorType: 'user',
  userId: world.adminId,
  userName: 'admin',
  keyId: null,
  keyName: null,
  client: null,
  way: 'rest',
  target: world.groupId,
  targetName: '开发团队',
  name: null,
  outcome: 'ok',
  error: null,
  durationMs: 4.2,
  address: '192.0.2.7',
  requestId: '5c1d5c0e-6d1f-4a5e-9d5d-0a5f5a1c9b7e',
  traceId: null,
  details: { name: world.groupId },
};

export const audit = {
  page: answer({
    logs: [entry],
    pagination: { limit: 50, hasMore: false, nextCursor: null, searchedTo: null },
  }),
};
