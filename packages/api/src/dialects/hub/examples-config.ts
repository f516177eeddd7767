import type { ChangeConfiguration, Settings } from '@switchboard/core/configuration/schema';
import { answer } from './examples.ts';

const smtp = { host: 'smtp.example.com', port: 587, secure: false } as const;
const auth = { user: 'noreply@example.com' } as const;
const webhook = 'https://hooks.example.com/notifications';

const given: ChangeConfiguration = {
  smtp: { ...smtp, auth: { ...auth, pass: 'password' } },
  notifications: { email: true, slack: true, webhook },
};

const settings: Settings = {
  smtp: { ...smtp, startTls: 'auto', verifyCertificate: true, auth: { ...auth, pass: '***' }, from: null },
  notifications: { email: true, emailTo: [], slack: true, slackUrl: null, webhook, webhookSecret: null },
  limits: {
    requestsPerMinute: { anonymous: 100, user: 1_000, admin: 5_000 },
    registrationsPerHour: 10,
    serversPerPerson: 200,
    keysPerPerson: 100,
  },
  retention: { callsDays: 30, auditDays: 365 },
  registration: { allowed: false, approval: false },
  logging: { level: 'info' },
  appearance: { name: null, mark: null, banner: { text: null, tone: 'info' } },
  conversations: { adminsMayRead: false },
};

/** The configuration as it is given and shown. */
export const config = {
  given,
  tried: { destination: 'email', smtp: { host: 'smtp.example.com', port: 587 }, to: 'you@example.com' },
  failed: answer({
    destination: 'email',
    ok: false,
    reason: 'The mail server smtp.example.com:587 does not answer: getaddrinfo ENOTFOUND smtp.example.com',
  }),
  shown: { ...answer(settings), locked: { 'registration.allowed': 'ALLOW_REGISTRATION' } },
};
