import { expect, test } from 'vitest';
import { ChangeConfiguration, sections } from '@switchboard/core/configuration/schema';
import { settingFields } from './fields.ts';
import { asTyped, toPatch } from './setting-draft.ts';

test('what was typed becomes what the hub takes', () => {
  const smtp = toPatch(settingFields.smtp, {
    host: ' ',
    port: '465',
    secure: true,
    'auth.user': 'me',
    'auth.pass': '',
  });
  expect(smtp).toEqual({ host: null, port: 465, secure: true, auth: { user: 'me' } });
  const notifications = toPatch(settingFields.notifications, {
    emailTo: 'a@example.com,\n b@example.com\n',
    slackUrl: null,
  });
  expect(notifications).toEqual({ emailTo: ['a@example.com', 'b@example.com'], slackUrl: null });
  expect(ChangeConfiguration.safeParse({ smtp, notifications }).success).toBe(true);
});

test('secrets are not shown, and lists are an entry a line', () => {
  const [pass] = settingFields.smtp.filter(({ path }) => path === 'auth.pass');
  const [to] = settingFields.notifications.filter(({ path }) => path === 'emailTo');
  if (!pass || !to) throw new Error('The form has no such field.');
  expect(asTyped(pass, { auth: { pass: '***' } })).toBe('');
  expect(asTyped(to, { emailTo: ['a', 'b'] })).toBe('a\nb');
});

test.each(sections)('every setting of %s is in its form', (section) => {
  const inner = ChangeConfiguration.shape[section].unwrap().shape;
  const names = Object.keys(inner);
  expect(new Set(settingFields[section].map(({ path }) => path.split('.')[0]))).toEqual(new Set(names));
});
