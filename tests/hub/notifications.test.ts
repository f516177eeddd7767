import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { notify, testNotifications } from '@switchboard/core/notifications';
import { createTestApp, type TestApp } from '../support/app.ts';
import { startMailServer } from '../support/mail.ts';

/** Messages leave through a real SMTP server and real receivers, whatever these do. */

const secrets = {
  pass: 'planted-smtp-password',
  webhookSecret: 'planted-webhook-secret',
  slack: 'planted-slack-path',
  token: 'planted-query-token',
};
const open: (() => Promise<unknown>)[] = [];
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  await app.connection.run(`update users set email = 'boss@example.com' where username = 'admin'`);
});
afterEach(async () => {
  await app.json('/api/config/smtp', { method: 'DELETE' });
  await app.json('/api/config/notifications', { method: 'DELETE' });
  for (const close of open.splice(0)) await close();
});
afterAll(() => app?.stop());

async function put(body: object) {
  const answer = await app.json('/api/config', { method: 'PUT', body });
  expect(answer.body).toMatchObject({ success: true });
}
function ctx(signal?: AbortSignal) {
  return app.core.ctxFor({ type: 'local' }, signal ? { signal } : {});
}

async function mailServer(options?: Parameters<typeof startMailServer>[0]) {
  const server = await startMailServer(options);
  open.push(server.stop);
  return server;
}
async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

interface Post {
  headers: IncomingMessage['headers'];
  body: string;
}
/** Keeps what it is posted, and answers as it is told. */
async function receiver(answer: (response: ServerResponse, count: number) => void) {
  const posts: Post[] = [];
  const port = await listen(
    createServer((request, response) => {
      void text(request).then((body) => {
        posts.push({ headers: request.headers, body });
        answer(response, posts.length);
      });
    }),
  );
  return { posts, url: `http://127.0.0.1:${port}` };
}
const { signal: none } = new AbortController();

describe('mail', () => {
  test('goes to the admins where nobody else is set, signed in, and with plain texts', async () => {
    const server = await mailServer({
      onAuth: ({ username, password }, _session, done) =>
        password === secrets.pass ? done(null, { user: username ?? '' }) : done(new Error('no')),
    });
    await put({
      smtp: { host: '127.0.0.1', port: server.port, auth: { user: 'hub@example.com', pass: secrets.pass } },
      notifications: { email: true },
    });
    const id = await notify(ctx(), {
      severity: 'critical',
      title: 'files fails\r\nBcc: everybody@example.com',
      text: 'It ended 3 times.\u0007\r\nThe last time with code 1.',
      link: 'https://hub.example.com/ui/alerts/1',
      groupKey: 'server:files',
    });
    await expect.poll(() => server.arrived.length, { timeout: 30_000 }).toBe(1);
    const [mail] = server.arrived;
    expect(mail).toMatchObject({ from: 'hub@example.com', to: ['boss@example.com'], user: 'hub@example.com' });
    const [head = '', body = ''] =
      mail?.raw.split('\r\n\r\n', 1).concat(mail.raw.slice(mail.raw.indexOf('\r\n\r\n'))) ?? [];
    expect(head).toContain('Subject: [Switchboard] Critical: files fails Bcc: everybody@example.com');
    expect(head).not.toMatch(/^Bcc:/im);
    expect(head).toContain(`Message-ID: <${id}@`);
    expect(head).toContain('References: <');
    expect(body).toContain('It ended 3 times.\r\nThe last time with code 1.');
    expect(body).toContain('https://hub.example.com/ui/alerts/1');
  });

  test('uses STARTTLS where it is offered', async () => {
    const server = await mailServer({ disabledCommands: [] });
    const smtp = { host: 'localhost', port: server.port, from: 'hub@example.com' };
    const result = await testNotifications(ctx(), { destination: 'email', smtp, to: 'you@example.com' });
    expect([result.why, server.arrived[0]?.secure]).toEqual([null, true]);
  });

  test.each([
    [
      'refuses the password',
      'mailSignIn',
      { onAuth: (_auth, _session, done) => done(new Error(`not ${secrets.pass}`)) },
    ],
    [
      'refuses the sender',
      'mailSender',
      { onMailFrom: (_address, _session, done) => done(new Error('nobody sends here')) },
    ],
    [
      'refuses who it is for',
      'mailRecipients',
      { onRcptTo: (_address, _session, done) => done(new Error('no such box')) },
    ],
    ['offers no STARTTLS where it is required', 'mailTls', {}],
  ] as const satisfies readonly [string, string, Parameters<typeof startMailServer>[0]][])(
    'a test tells that the server %s',
    async (_what, code, options) => {
      const { port } = await mailServer({ onAuth: (_auth, _session, done) => done(null, { user: 'x' }), ...options });
      const startTls = code === 'mailTls' ? ('required' as const) : ('auto' as const);
      const smtp = { host: '127.0.0.1', port, startTls, auth: { user: 'hub@example.com', pass: secrets.pass } };
      const result = await testNotifications(ctx(), { destination: 'email', smtp });
      expect(result).toMatchObject({ ok: false, why: { code } });
      expect(JSON.stringify(result)).not.toContain(secrets.pass);
    },
  );

  test.each([
    ['\0hub@example.com\0', 'with its user'],
    ['', 'alone'],
  ])('a password that the server repeats in base64 is masked: %j before it, %s', async (before) => {
    const coded = Buffer.from(`${before}${secrets.pass}`).toString('base64');
    const { port } = await mailServer({ onAuth: (_auth, _session, done) => done(new Error(`not ${coded}`)) });
    const smtp = { host: '127.0.0.1', port, auth: { user: 'hub@example.com', pass: secrets.pass } };
    const { why } = await testNotifications(ctx(), { destination: 'email', smtp });
    expect(why?.code).toBe('mailSignIn');
    expect(why?.text).toContain('***');
    expect(why?.text).not.toContain(coded.slice(0, 20));
  });

  test('a test tells of servers that are away, say nothing, or may not be reached', async () => {
    const port = await listen(createTcpServer((socket) => socket.on('error', () => undefined)));
    const closed = await mailServer();
    await closed.stop();
    const smtp = { host: '127.0.0.1', port, from: 'hub@example.com' };
    const quiet = await testNotifications(ctx(AbortSignal.timeout(1_000)), { destination: 'email', smtp });
    const away = await testNotifications(ctx(), { destination: 'email', smtp: { ...smtp, port: closed.port } });
    const metadata = await testNotifications(ctx(), {
      destination: 'email',
      smtp: { ...smtp, host: '169.254.169.254' },
    });
    for (const { ok, why } of [quiet, away, metadata]) expect([ok, why?.code]).toEqual([false, 'mailConnect']);
    expect(metadata.why?.text).toContain('metadata');
  });

  test('a test says what is missing, and stores nothing', async () => {
    const nowhere = await testNotifications(ctx(), { destination: 'email' });
    expect(nowhere.why?.code).toBe('noMailServer');
    const nobody = await testNotifications(ctx(), { destination: 'email', smtp: { host: 'mail.example.com' } });
    expect(nobody.why?.code).toBe('noMailSender');
    expect((await app.json('/api/config')).body.data.smtp.host).toBeNull();
    const slack = await testNotifications(ctx(), { destination: 'slack', notifications: { slack: true } });
    expect(slack.why?.code).toBe('noSlackUrl');
  });
});

describe('webhooks', () => {
  test('are signed, and posted again with the same id until they are taken', async () => {
    const hook = await receiver((response, count) => response.writeHead(count < 2 ? 500 : 204).end());
    const slack = await receiver((response) => response.end('ok'));
    await put({
      notifications: {
        webhook: `${hook.url}/in?token=${secrets.token}`,
        webhookSecret: secrets.webhookSecret,
        slack: true,
        slackUrl: `${slack.url}/services/${secrets.slack}`,
      },
    });
    const id = await notify(ctx(), { severity: 'warning', title: '<b> & co', text: 'p95 is 3 s', groupKey: 'p95' });
    await expect.poll(() => hook.posts.length, { timeout: 120_000 }).toBe(2);
    for (const { headers, body } of hook.posts) {
      expect(JSON.parse(body)).toMatchObject({
        id,
        type: 'notification',
        data: { severity: 'warning', groupKey: 'p95' },
      });
      const signature = createHmac('sha256', secrets.webhookSecret).update(body).digest('hex');
      expect(headers['x-mcphub-signature-256']).toBe(`sha256=${signature}`);
    }
    // The other way is not told again because this one fails.
    expect(slack.posts).toHaveLength(1);
    expect(JSON.parse(slack.posts[0]?.body ?? '')).toEqual({
      text: '*[Switchboard] Warning: &lt;b&gt; &amp; co*\np95 is 3 s',
    });
  });

  test('that hang, break off or answer wrongly are told as such', async () => {
    const hangs = await receiver(() => undefined);
    const breaks = await receiver((response) => response.destroy());
    const refuses = await receiver((response) => response.writeHead(404).end('gone'));
    const port = await listen(createTcpServer((socket) => socket.on('error', () => undefined).end('220 not HTTP\r\n')));
    const told = [];
    for (const [webhook, signal] of [
      [hangs.url, AbortSignal.timeout(500)],
      [breaks.url, none],
      [refuses.url, none],
      [`http://127.0.0.1:${port}`, none],
    ] as const) {
      const { why } = await testNotifications(ctx(signal), { destination: 'webhook', notifications: { webhook } });
      told.push(why?.code);
    }
    expect(told).toEqual(['postFailed', 'postFailed', 'postAnswers', 'postFailed']);
  });

  test('that are switched off meanwhile are not posted to', async () => {
    const hook = await receiver((response) => response.writeHead(500).end());
    await put({ notifications: { webhook: hook.url } });
    await notify(ctx(), { severity: 'info', title: 'a', text: '' });
    await expect.poll(() => hook.posts.length, { timeout: 30_000 }).toBe(1);
    await put({ notifications: { webhook: null } });
    async function waiting() {
      const types = (await app.json('/api/jobs')).body.data.types as {
        name: string;
        waiting: number;
        running: number;
      }[];
      const { waiting = 0, running = 0 } = types.find(({ name }) => name === 'notification.send') ?? {};
      return waiting + running;
    }
    await expect.poll(waiting, { timeout: 60_000 }).toBe(0);
    expect(hook.posts).toHaveLength(1);
  });
});

test('no secret of a setting is anywhere in clear', async () => {
  const hook = await receiver((response) => response.writeHead(500).end());
  await put({
    smtp: { host: '127.0.0.1', port: 1, auth: { user: 'hub@example.com', pass: secrets.pass } },
    notifications: {
      email: true,
      webhook: `${hook.url}/in?token=${secrets.token}`,
      webhookSecret: secrets.webhookSecret,
      slack: true,
      slackUrl: `${hook.url}/services/${secrets.slack}`,
    },
  });
  await notify(ctx(), { severity: 'info', title: 'a', text: 'b' });
  await expect.poll(() => hook.posts.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(2);
  const { rows } = await app.connection.run(
    `select table_schema || '.' || table_name as name from information_schema.tables
     where table_schema in ('public', 'switchboard_jobs') and table_type = 'BASE TABLE'`,
  );
  expect(rows.length).toBeGreaterThan(20);
  for (const { name } of rows) {
    const { rows: found } = await app.connection.run(`select t::text as row from ${String(name)} t`);
    for (const secret of Object.values(secrets)) expect(JSON.stringify(found), String(name)).not.toContain(secret);
  }
  const answers = [await app.json('/api/config'), await app.json('/api/audit/logs'), await app.json('/api/jobs')];
  for (const secret of Object.values(secrets)) expect(JSON.stringify(answers)).not.toContain(secret);
});
