import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tables } from '@switchboard/db';
import { listAudit } from '../audit/verbs.ts';
import { noCallbacks, type Callbacks } from '../callbacks.ts';
import { createServer } from '../servers/verbs.ts';
import { makeRemoteDraft, makeTestCore, type TestCore } from '../testing.ts';
import { register } from '../users/verbs.ts';
import { diffConfigurationVersions, listConfigurationVersions, restoreConfiguration } from './history.ts';
import { sections, type ChangeConfiguration, type Section } from './schema.ts';
import { openSection } from './sections.ts';
import { changeConfiguration, getConfiguration, publicAppearance, resetConfiguration } from './verbs.ts';

/** Of addresses only that they are some; tests/hub has the guard of the running hub. */
const callbacks: Callbacks = {
  ...noCallbacks,
  refuse: (url) => (URL.canParse(url) ? null : 'That is no URL.'),
};

let hub: TestCore;
beforeAll(async () => {
  hub = await makeTestCore({}, undefined, undefined, undefined, callbacks);
});
afterAll(() => hub?.close());

/** The body that the document shows. */
const documented = {
  smtp: {
    host: 'smtp.example.com',
    port: 587,
    secure: false,
    auth: { user: 'noreply@example.com', pass: 'planted-smtp-password' },
  },
  notifications: { email: true, slack: true, webhook: 'https://hooks.example.com/notifications' },
} as const;

function change(given: ChangeConfiguration) {
  return changeConfiguration(hub.ctx(), given);
}
async function storedOf(section: Section) {
  const [row] = await hub.testDb.db.select().from(tables.settings).where(eq(tables.settings.key, section));
  return JSON.stringify(row?.value);
}

describe('the configuration', () => {
  it('takes what the document shows, and masks the password', async () => {
    const { settings } = await change(documented);
    expect(settings.smtp).toMatchObject({ host: 'smtp.example.com', auth: { pass: '***' } });
    expect(settings.notifications).toMatchObject(documented.notifications);
    expect(await getConfiguration(hub.ctx(), {})).toMatchObject({ settings });
    expect(await storedOf('smtp')).not.toContain('planted');
    expect(await storedOf('notifications')).not.toContain('hooks.example.com');
  });

  it('is merged in depth, and keeps secrets that come back masked, empty or not at all', async () => {
    const sealed = await storedOf('smtp');
    for (const auth of [{ user: 'other' }, { pass: '***' }, { pass: '' }]) {
      const { settings } = await change({ smtp: { auth } });
      expect(settings.smtp).toMatchObject({
        host: 'smtp.example.com',
        port: 587,
        auth: { user: 'other', pass: '***' },
      });
    }
    expect(hub.ctx().settings.now().smtp.auth.pass).toMatch(/^v1\./);
    expect(sealed).toContain('v1.');
    const { settings } = await change({ smtp: { auth: { pass: null } } });
    expect(settings.smtp.auth).toEqual({ user: 'other', pass: null });
    await expect(change({ smtp: { auth: { pass: '***' } } })).rejects.toMatchObject({
      code: 'invalid',
      details: { field: 'smtp.auth.pass' },
    });
  });

  it('tells an address without what its query holds, and keeps it when that comes back', async () => {
    const { settings } = await change({ notifications: { webhook: 'https://h.example.com/x?token=planted&b=1' } });
    expect(settings.notifications.webhook).toBe('https://h.example.com/x?***');
    const { settings: again } = await change({ notifications: { ...settings.notifications, slack: false } });
    expect(again.notifications.webhook).toBe(settings.notifications.webhook);
    await expect(change({ notifications: { webhook: 'https://other.example.com/?***' } })).rejects.toMatchObject({
      details: { field: 'notifications.webhook' },
    });
    await expect(change({ notifications: { webhook: 'nonsense' } })).rejects.toMatchObject({ code: 'invalid' });
  });

  it.each([
    ['https://discord.com/api/webhooks/123/planted', 'https://discord.com/***'],
    ['https://h.example.com/x?planted', 'https://h.example.com/x?***'],
    ['https://h.example.com/hooks/planted?token=planted', 'https://h.example.com/***?***'],
    ['https://planted:planted@h.example.com/x', 'https://h.example.com/***'],
    ['https://h.example.com/x#planted', 'https://h.example.com/x#***'],
    ['https://h.example.com/Planted1', 'https://h.example.com/***'],
    ['https://h.example.com/notifications', 'https://h.example.com/notifications'],
  ])('tells %s as %s, also in versions, and keeps it when that comes back', async (webhook, told) => {
    const { settings } = await change({ notifications: { webhook } });
    expect(settings.notifications.webhook).toBe(told);
    await change({ notifications: { webhook: told } });
    const { secrets, settings: live } = hub.ctx();
    expect(openSection(secrets, 'notifications', live.now().notifications).webhook).toBe(webhook);
    expect(JSON.stringify(await hub.testDb.db.select().from(tables.versions))).not.toMatch(/planted/i);
  });

  it('refuses what it does not know, and says what it knows', async () => {
    const unknown: [object, string][] = [
      [{ mail: {} }, 'it knows smtp, notifications'],
      [{ smtp: { hosts: 'x' } }, 'it knows host, port'],
      [{ smtp: { auth: { password: 'x' } } }, 'it knows user, pass'],
      [{ limits: { requestsPerMinute: { admin: 0 } } }, 'at least 1'],
      [{ logging: { level: 'loud' } }, 'must be one of'],
      [{ appearance: { name: 'two\nlines' } }, 'one line'],
    ];
    for (const [given, message] of unknown) {
      await expect(change(given)).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining(message) });
    }
  });

  it('changes all that is given or nothing', async () => {
    const before = await getConfiguration(hub.ctx(), {});
    const given = { retention: { callsDays: 3 }, notifications: { webhook: 'nonsense' } };
    await expect(change(given)).rejects.toMatchObject({ code: 'invalid' });
    expect(await getConfiguration(hub.ctx(), {})).toEqual(before);
  });

  it('is for admins, and the trail names what was changed and no value', async () => {
    const user = await hub.addUser('manager');
    await expect(getConfiguration(hub.ctx(user), {})).rejects.toMatchObject({ code: 'forbidden' });
    await expect(changeConfiguration(hub.ctx(user), {})).rejects.toMatchObject({ code: 'forbidden' });
    await change({ smtp: { port: 2525, auth: { pass: 'planted-again' } } });
    const { items } = await listAudit(hub.ctx(), { action: ['config.change'], limit: 1 });
    expect(items).toMatchObject([{ details: { changed: ['smtp.port', 'smtp.auth.pass'] } }]);
    expect(JSON.stringify((await listAudit(hub.ctx(), { limit: 500 })).items)).not.toContain('planted');
  });

  it('takes changes at once one after the other', async () => {
    const days = Array.from({ length: 6 }, (_, index) => index + 10);
    await Promise.all(
      days.map((auditDays, index) =>
        change(index % 2 ? { retention: { auditDays } } : { retention: { callsDays: auditDays } }),
      ),
    );
    const { versions } = await listConfigurationVersions(hub.ctx(), { section: 'retention' });
    expect(versions).toHaveLength(7);
    await resetConfiguration(hub.ctx(), { section: 'retention' });
    expect((await getConfiguration(hub.ctx(), {})).settings.retention).toEqual({ callsDays: 30, auditDays: 365 });
  });
});

describe('settings in force', () => {
  it('say who may register, and whether an admin has to approve it', async () => {
    const anonymous = hub.ctx({ type: 'anonymous' });
    const password = 'correct horse battery';
    await expect(register(anonymous, { username: 'early', password })).rejects.toMatchObject({ code: 'forbidden' });
    await change({ registration: { allowed: true } });
    expect(await register(anonymous, { username: 'inside', password })).toMatchObject({ disabled: false });
    await change({ registration: { approval: true } });
    expect(await register(anonymous, { username: 'waits', password })).toMatchObject({ disabled: true });
  });

  it('say how many requests and servers there may be', async () => {
    await change({ limits: { requestsPerMinute: { anonymous: 2 }, serversPerPerson: 1 } });
    const asked = [0, 1, 2].map(() => hub.core.limits.request({ type: 'anonymous' }, '10.9.9.9').allowed);
    expect(asked).toEqual([true, true, false]);
    const user = await hub.addUser('user');
    await createServer(hub.ctx(user), makeRemoteDraft({ id: 'mine-1' }));
    await expect(createServer(hub.ctx(user), makeRemoteDraft({ id: 'mine-2' }))).rejects.toMatchObject({
      code: 'limit_exceeded',
    });
  });

  it('say what everybody sees', async () => {
    await change({ appearance: { name: 'Harbour', mark: 'H', banner: { text: 'Moves on Friday' } } });
    expect(publicAppearance(hub.ctx())).toEqual({
      name: 'Harbour',
      mark: 'H',
      banner: { text: 'Moves on Friday', tone: 'info' },
    });
  });

  it('are followed at once, and outlive what another release stored', async () => {
    const heard: string[] = [];
    const end = hub.core.settings.follow(({ logging }) => void heard.push(logging.level));
    await change({ logging: { level: 'debug' } });
    await hub.testDb.db
      .update(tables.settings)
      .set({ value: { level: 'unheard-of', more: 1 } })
      .where(eq(tables.settings.key, 'logging'));
    await hub.core.settings.load();
    end();
    expect(heard).toEqual(['info', 'debug', 'info']);
    await hub.testDb.db.delete(tables.settings).where(eq(tables.settings.key, 'logging'));
  });
});

describe('versions', () => {
  const changes: Record<Section, [ChangeConfiguration, ChangeConfiguration]> = {
    smtp: [
      { smtp: { host: 'one.example.com', auth: { pass: null } } },
      { smtp: { host: 'two.example.com', port: 25 } },
    ],
    conversations: [{ conversations: { adminsMayRead: true } }, { conversations: { adminsMayRead: false } }],
    notifications: [
      { notifications: { webhook: 'https://one.example.com/', emailTo: ['a@example.com'] } },
      { notifications: { webhook: 'https://two.example.com/', emailTo: [] } },
    ],
    limits: [{ limits: { requestsPerMinute: { user: 7 } } }, { limits: { requestsPerMinute: { user: 8 } } }],
    retention: [{ retention: { callsDays: 4 } }, { retention: { callsDays: 5 } }],
    registration: [{ registration: { allowed: false } }, { registration: { allowed: true } }],
    logging: [{ logging: { level: 'warn' } }, { logging: { level: 'error' } }],
    appearance: [{ appearance: { banner: { text: 'a' } } }, { appearance: { banner: { text: null } } }],
  };

  it.each(sections)('of %s tell what changed, and bring it back', async (section) => {
    const [first, second] = changes[section];
    const { settings: wanted } = await change(first);
    await change(second);
    const [latest, earlier] = (await listConfigurationVersions(hub.ctx(), { section })).versions;
    const numbers = { from: earlier?.number ?? 0, to: latest?.number ?? 0 };
    const diff = await diffConfigurationVersions(hub.ctx(), { section, ...numbers });
    expect(diff.section.added + diff.section.removed).toBeGreaterThan(0);
    const { settings, missing } = await restoreConfiguration(hub.ctx(), { section, number: numbers.from });
    expect(settings[section]).toEqual(wanted[section]);
    expect(missing).toEqual([]);
    expect((await listConfigurationVersions(hub.ctx(), { section })).versions[0]).toMatchObject({
      by: 'admin',
      restored: numbers.from,
    });
  });

  it('hold no secret, tell that one was changed, and what is missing when they are brought back', async () => {
    await change({ smtp: { auth: { pass: 'planted-one' } } });
    await change({ smtp: { auth: { pass: 'planted-two' } } });
    const [latest, earlier] = (await listConfigurationVersions(hub.ctx(), { section: 'smtp' })).versions;
    const numbers = { from: earlier?.number ?? 0, to: latest?.number ?? 0 };
    const { changedValues } = await diffConfigurationVersions(hub.ctx(), { section: 'smtp', ...numbers });
    expect(changedValues).toEqual(['auth.pass']);
    const rows = await hub.testDb.db.select().from(tables.versions);
    expect(JSON.stringify(rows)).not.toContain('planted');
    await resetConfiguration(hub.ctx(), { section: 'smtp' });
    const { settings, missing } = await restoreConfiguration(hub.ctx(), { section: 'smtp', number: numbers.from });
    expect([settings.smtp.auth.pass, missing]).toEqual([null, ['smtp.auth.pass']]);
  });

  it('begin with what was there before anybody set anything', async () => {
    await using fresh = await makeTestCore();
    await changeConfiguration(fresh.ctx(), { retention: { auditDays: 9 } });
    const { settings } = await restoreConfiguration(fresh.ctx(), { section: 'retention', number: 1 });
    expect(settings.retention).toEqual({ callsDays: 30, auditDays: 365 });
  });
});

it('what a variable holds is told, and refused where another value is given', async () => {
  const fixed = { 'registration.allowed': 'ALLOW_REGISTRATION' };
  await using locked = await makeTestCore({ allowRegistration: true, fixed });
  expect(await getConfiguration(locked.ctx(), {})).toMatchObject({
    locked: fixed,
    settings: { registration: { allowed: true } },
  });
  await expect(changeConfiguration(locked.ctx(), { registration: { allowed: false } })).rejects.toMatchObject({
    code: 'invalid',
    details: { field: 'registration.allowed' },
    message: expect.stringContaining('ALLOW_REGISTRATION'),
  });
  const { settings } = await changeConfiguration(locked.ctx(), { registration: { allowed: true, approval: true } });
  expect(settings.registration).toEqual({ allowed: true, approval: true });
  await locked.testDb.db
    .update(tables.settings)
    .set({ value: { allowed: false } })
    .where(eq(tables.settings.key, 'registration'));
  await locked.core.settings.load();
  expect(locked.core.settings.now().registration.allowed).toBe(true);
});
