import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { verifies } from '../verifies.ts';

/** The body that the document shows. */
const documented = {
  smtp: {
    host: 'smtp.example.com',
    port: 587,
    secure: false,
    auth: { user: 'noreply@example.com', pass: 'password' },
  },
  notifications: { email: true, slack: true, webhook: 'https://hooks.example.com/notifications' },
};

let app: TestApp;
beforeAll(async () => {
  // The level and the people who may register are for the settings to say.
  app = await createTestApp({ LOG_LEVEL: '', MAX_KEYS_PER_PERSON: '50' });
});
afterAll(() => app?.stop());

function put(body: unknown) {
  return app.json('/api/config', { method: 'PUT', body });
}

verifies(44, 'takes the documented body as it is, and tells it without its password', async () => {
  const { status, body } = await put(documented);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    success: true,
    data: {
      smtp: { ...documented.smtp, auth: { user: 'noreply@example.com', pass: '***' } },
      notifications: documented.notifications,
    },
  });
});

verifies(43, 'shows what holds, which can be given back', async () => {
  const { body } = await put(documented);
  const shown = await app.json('/api/config');
  expect([shown.status, shown.body.data]).toEqual([200, body.data]);
  expect(JSON.stringify(shown.body)).not.toContain('"password"');
  const sections = [
    'smtp',
    'notifications',
    'limits',
    'retention',
    'registration',
    'logging',
    'appearance',
    'conversations',
  ];
  expect(Object.keys(shown.body.data)).toEqual(sections);
  // What a program got it can give back; nothing changes by it.
  const again = await put(shown.body.data);
  expect([again.status, again.body.data]).toEqual([200, shown.body.data]);
});

test('what is given is merged, and the rest keeps its value', async () => {
  await put(documented);
  const { body } = await put({ smtp: { port: 465, secure: true, auth: { pass: 'again' } } });
  expect(body.data.smtp).toMatchObject({ host: 'smtp.example.com', port: 465, auth: { pass: '***' } });
  expect(body.data.notifications).toMatchObject(documented.notifications);
});

test('a password that is masked is sent to no other server', async () => {
  await put(documented);
  const smtp = { host: '127.0.0.1', port: 1, startTls: 'never', auth: { pass: '***' } };
  const tried = await app.json('/api/config/test', { body: { destination: 'email', smtp, to: 'a@example.com' } });
  for (const { status, body } of [await put({ smtp }), tried]) {
    expect([status, body.error.details.field]).toEqual([422, 'smtp.auth.pass']);
    expect(JSON.stringify(body.error)).toContain('must be given again');
  }
});

test.each([
  [{ mail: {} }, 'it knows smtp, notifications, limits, retention, registration, logging, appearance, conversations'],
  [{ smtp: { host: 'x', pasword: 'y' } }, 'does not know pasword; it knows host, port, secure'],
  [{ smtp: { port: '587' } }, 'must be a number'],
  [{ smtp: 'smtp://x' }, 'must be an object'],
  [{ retention: { callsDays: 0 } }, 'must be at least 1'],
  [{ notifications: { webhook: 'http://169.254.169.254/latest/meta-data' } }, 'metadata'],
  [{ notifications: { webhook: 'file:///etc/passwd' } }, 'only http:// and https://'],
  [{ notifications: { slackUrl: 'https://user:pw@hooks.slack.com/x' } }, 'user name or password'],
])('refuses %j and says what would be right', async (body, message) => {
  const answer = await put(body);
  expect([answer.status, answer.body.error.code]).toEqual([422, 'VALIDATION_ERROR']);
  expect(JSON.stringify(answer.body.error)).toContain(message);
});

test('is for admins alone', async () => {
  expect((await app.json('/api/config', { auth: false })).status).toBe(401);
  const people = await app.json('/api/users', {
    body: { username: 'someone', password: 'correct horse battery', role: 'manager' },
  });
  expect(people.status).toBe(201);
  const { body } = await app.json('/api/auth/login', {
    body: { username: 'someone', password: 'correct horse battery' },
  });
  const headers = { authorization: `Bearer ${body.data.token}` };
  for (const [method, given] of [
    ['GET', undefined],
    ['PUT', {}],
  ] as const) {
    const answer = await app.json('/api/config', { method, body: given, headers });
    expect([answer.status, answer.body.error.code]).toEqual([403, 'AUTHORIZATION_FAILED']);
  }
});

test('a section is reset to what it was before anybody set anything', async () => {
  await put({ retention: { callsDays: 3 } });
  const { status, body } = await app.json('/api/config/retention', { method: 'DELETE' });
  expect([status, body.data.retention]).toEqual([200, { callsDays: 30, auditDays: 365 }]);
  const unknown = await app.json('/api/config/mail', { method: 'DELETE' });
  expect([unknown.status, JSON.stringify(unknown.body)]).toEqual([
    422,
    expect.stringContaining('must be one of smtp, notifications'),
  ]);
});

test('what an environment variable holds is told, and refused with its name', async () => {
  const { body } = await app.json('/api/config');
  expect(body.locked).toEqual({ 'limits.keysPerPerson': 'MAX_KEYS_PER_PERSON' });
  expect(body.data.limits.keysPerPerson).toBe(50);
  const answer = await put({ limits: { keysPerPerson: 60 } });
  expect(answer.status).toBe(422);
  expect(answer.body.error.details.field).toBe('limits.keysPerPerson');
  expect(JSON.stringify(answer.body.error)).toContain('MAX_KEYS_PER_PERSON');
});

test('settings are tried before they are stored, and what fails is said', async () => {
  const smtp = { host: '127.0.0.1', port: 1, from: 'hub@example.com', auth: { pass: null } };
  const { status, body } = await app.json('/api/config/test', {
    body: { destination: 'email', smtp, to: 'a@example.com' },
  });
  expect([status, body.data]).toEqual([
    200,
    { destination: 'email', ok: false, reason: expect.stringContaining('127.0.0.1:1 does not answer') },
  ]);
  expect((await app.json('/api/config')).body.data.smtp.host).not.toBe('127.0.0.1');
  const wrong = await app.json('/api/config/test', { body: { destination: 'pigeon' } });
  expect([wrong.status, JSON.stringify(wrong.body)]).toEqual([422, expect.stringContaining('email, slack, webhook')]);
});

test('who may register changes at once', async () => {
  await put({ registration: { allowed: false } });
  function me() {
    return app.client().auth.me.query();
  }
  expect((await me()).allowRegistration).toBe(false);
  await put({ registration: { allowed: true }, appearance: { name: 'Harbour', banner: { text: 'Moves on Friday' } } });
  expect(await me()).toMatchObject({
    allowRegistration: true,
    appearance: { name: 'Harbour', mark: null, banner: { text: 'Moves on Friday', tone: 'info' } },
  });
});

test('the level of the log changes at once', async () => {
  for (const level of ['silent', 'error']) {
    await put({ logging: { level } });
    expect(Reflect.get(app.core.deps.log, 'level')).toBe(level);
  }
});

test('limits a minute change at once, and stand in the headers of each answer', async () => {
  await put({ limits: { requestsPerMinute: { admin: 4_321 } } });
  const { headers } = await app.json('/api/config');
  expect(headers.get('x-ratelimit-limit')).toBe('4321');
});
