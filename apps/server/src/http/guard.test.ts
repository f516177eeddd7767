import { describe, expect, test } from 'vitest';
import { loadConfig } from '../config.ts';
import { createGuard } from './guard.ts';

function check(
  env: Record<string, string>,
  headers: Record<string, string>,
  pathname = '/api/servers',
  method = 'GET',
) {
  const guard = createGuard(loadConfig(env));
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return guard({ method, pathname, header: (name) => lower[name] });
}

describe('Host', () => {
  test.each(['localhost', 'localhost:3000', '127.0.0.1:3000', '[::1]:3000', '192.168.1.5:3000', 'hub.localhost'])(
    'lets %s in',
    (host) => {
      expect(check({}, { host })).toBeNull();
    },
  );

  test.each([
    'evil.example.com',
    'evil.example.com:3000',
    '',
    'localhost.evil.com',
    '127.0.0.1.evil.com',
    'a@localhost',
    '[::1',
  ])('refuses %j and says how to allow it', (host) => {
    expect(check({}, { host })).toMatchObject({ code: 'forbidden', message: expect.stringContaining('ALLOWED_HOSTS') });
  });

  test('lets PUBLIC_URL and ALLOWED_HOSTS in, whatever the case', () => {
    const env = { PUBLIC_URL: 'https://hub.example.com', ALLOWED_HOSTS: 'hub.lan,other.lan:8443' };
    expect(check(env, { host: 'HUB.example.com' })).toBeNull();
    expect(check(env, { host: 'hub.lan:3000' })).toBeNull();
    expect(check(env, { host: 'other.lan:8443' })).toBeNull();
    expect(check(env, { host: 'other.lan:1' })).not.toBeNull();
  });
});

describe('Origin', () => {
  const host = 'localhost:3000';

  test('its own is welcome under http and https', () => {
    expect(check({}, { host, origin: 'http://localhost:3000' })).toBeNull();
    expect(check({}, { host, origin: 'https://localhost:3000' })).toBeNull();
  });

  test.each(['http://localhost:3001', 'https://evil.example.com', 'null', 'chrome-extension://abc', 'nonsense'])(
    'refuses %s',
    (origin) => {
      expect(check({}, { host, origin })).toMatchObject({ code: 'forbidden' });
    },
  );

  test('lets ALLOWED_ORIGINS in', () => {
    const env = { ALLOWED_ORIGINS: 'https://page.example.com' };
    expect(check(env, { host, origin: 'https://page.example.com' })).toBeNull();
  });

  test('a public GET may come from anywhere, a POST may not', () => {
    const origin = 'https://evil.example.com';
    for (const path of ['/health', '/ready', '/openapi.json', '/docs', '/ui/servers', '/']) {
      expect(check({}, { host, origin }, path), path).toBeNull();
      expect(check({}, { host, origin }, path, 'POST'), path).not.toBeNull();
    }
    for (const path of ['/uix', '/metrics', '/healthy']) expect(check({}, { host, origin }, path), path).not.toBeNull();
  });
});

describe('AUTH_MODE=open', () => {
  const env = { AUTH_MODE: 'open' };

  test('answers to loopback names only', () => {
    expect(check(env, { host: 'localhost:3000' })).toBeNull();
    expect(check(env, { host: '192.168.1.5:3000' })).not.toBeNull();
    expect(check({ ...env, ALLOWED_HOSTS: 'hub.lan' }, { host: 'hub.lan' })).not.toBeNull();
  });

  test('refuses what was forwarded', () => {
    for (const name of ['Forwarded', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto']) {
      expect(check(env, { host: 'localhost', [name]: 'x' }), name).not.toBeNull();
    }
  });
});
