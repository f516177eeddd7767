import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testNotifications } from '../notifications/test-verb.ts';
import { makeTestCore, type TestCore } from '../testing.ts';
import { listConfigurationVersions, restoreConfiguration } from './history.ts';
import type { ChangeConfiguration } from './schema.ts';
import { changeConfiguration, getConfiguration } from './verbs.ts';

let hub: TestCore;
beforeAll(async () => {
  hub = await makeTestCore();
});
afterAll(() => hub?.close());

function change(given: ChangeConfiguration) {
  return changeConfiguration(hub.ctx(), given);
}

describe('the password of mail', () => {
  const server = {
    host: 'mail.example.com',
    port: 587,
    secure: true,
    startTls: 'auto',
    verifyCertificate: true,
    auth: { user: 'hub', pass: 'planted-mail' },
  } as const;
  const elsewhere: ChangeConfiguration['smtp'][] = [
    { host: '127.0.0.1' },
    { port: 2525 },
    { secure: false },
    { startTls: 'never' },
    { verifyCertificate: false },
  ];
  const field = { code: 'invalid', details: { field: 'smtp.auth.pass' } };

  it.each(elsewhere)('is not taken along by %j', async (smtp) => {
    await change({ smtp: server });
    for (const auth of [undefined, {}, { pass: '***' }, { pass: '' }, { user: 'other' }]) {
      const given = { ...smtp, ...(auth && { auth }) };
      await expect(change({ smtp: given })).rejects.toMatchObject(field);
      const tested = testNotifications(hub.ctx(), { destination: 'email', smtp: given, to: 'a@example.com' });
      await expect(tested).rejects.toMatchObject(field);
    }
    expect((await getConfiguration(hub.ctx(), {})).settings.smtp).toMatchObject({ host: server.host, port: 587 });
    await change({ smtp: { ...smtp, auth: { pass: 'planted-anew' } } });
    await change({ smtp: server });
    expect((await change({ smtp: { ...smtp, auth: { pass: null } } })).settings.smtp.auth.pass).toBeNull();
  });

  it('is kept for the same server, with TLS as good or better, and while no mail is sent', async () => {
    await change({ smtp: { ...server, secure: false, startTls: 'never', verifyCertificate: false } });
    for (const smtp of [
      { host: 'MAIL.example.com', auth: { pass: '***' } },
      { verifyCertificate: true, startTls: 'required' },
      { startTls: 'auto', secure: true, from: 'a@example.com' },
      { host: null },
    ] as const)
      expect((await change({ smtp })).settings.smtp.auth.pass).toBe('***');
    await expect(change({ smtp: { host: server.host } })).rejects.toMatchObject(field);
  });

  it('does not come back with a version of another server', async () => {
    await change({ smtp: server });
    await change({ smtp: { ...server, host: 'new.example.com' } });
    const [, earlier] = (await listConfigurationVersions(hub.ctx(), { section: 'smtp' })).versions;
    const number = earlier?.number ?? 0;
    const { settings, missing } = await restoreConfiguration(hub.ctx(), { section: 'smtp', number });
    expect([settings.smtp.host, settings.smtp.auth.pass, missing]).toEqual([server.host, null, ['smtp.auth.pass']]);
  });
});
