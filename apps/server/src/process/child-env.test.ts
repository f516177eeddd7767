import { describe, expect, test } from 'vitest';
import { loadConfig } from '../config.ts';
import { credentialsIn, withoutCredentials } from './child-env.ts';

describe('what programs get of the hub’s environment', () => {
  const around = {
    NODE_EXTRA_CA_CERTS: '/etc/ca.pem',
    HTTPS_PROXY: 'http://upper:3128',
    https_proxy: 'http://lower:3128',
    no_proxy: 'intranet.example',
    npm_config_registry: 'https://npm.example/',
    SECRET_TOKEN: 'of the hub',
    npm_config_cache: '/root/.npm',
  };

  test('is how the machine reaches the network, proxies in both cases', () => {
    expect(loadConfig(around).childEnv).toEqual({
      NODE_EXTRA_CA_CERTS: '/etc/ca.pem',
      HTTPS_PROXY: 'http://lower:3128',
      https_proxy: 'http://lower:3128',
      NO_PROXY: 'intranet.example',
      no_proxy: 'intranet.example',
      npm_config_registry: 'https://npm.example/',
    });
  });

  test('is what CHILD_ENV names, or nothing', () => {
    const named = loadConfig({ ...around, CHILD_ENV: 'NODE_EXTRA_CA_CERTS, npm_config_cache, ABSENT' }).childEnv;
    expect(named).toEqual({ NODE_EXTRA_CA_CERTS: '/etc/ca.pem', npm_config_cache: '/root/.npm' });
    expect(loadConfig({ ...around, CHILD_ENV: 'none' }).childEnv).toEqual({});
  });

  test.each([
    [{ CHILD_ENV: 'SECRET_KEY' }, /^CHILD_ENV: SECRET_KEY is a setting of the hub/],
    [{ CHILD_ENV: 'HTTPS_PROXY,DATABASE_URL' }, /^CHILD_ENV: DATABASE_URL is a setting of the hub/],
    [{ CHILD_ENV: 'A-B' }, /^CHILD_ENV: must be names of variables/],
  ])('is never a setting of the hub: %j', (env, message) => {
    expect(() => loadConfig(env)).toThrow(message);
  });
});

test.each([
  ['http://me:pass%20word@proxy:3128', ['pass%20word', 'pass word'], 'http://***@proxy:3128'],
  ['me:password@proxy:3128', ['password'], '***@proxy:3128'],
  ['http://token-alone@proxy:3128/', ['token-alone'], 'http://***@proxy:3128/'],
  ['http://me:100%@proxy', ['100%'], 'http://***@proxy'],
  ['https://me:with@sign@proxy', ['with@sign'], 'https://***@proxy'],
  ['https://pypi.example/simple?key=abcdef', ['key=abcdef'], 'https://pypi.example/simple?***'],
  ['https://a.example one=https://me:secret@b.example/x', ['secret'], 'https://a.example one=https://***@b.example/x'],
  ['https://npm.example/@scope/x', [], 'https://npm.example/@scope/x'],
  ['localhost,.example.com,10.0.0.0/8', [], 'localhost,.example.com,10.0.0.0/8'],
])('credentials of %s are found and not shown', (value, secrets, shown) => {
  expect(credentialsIn(value)).toEqual(expect.arrayContaining(secrets));
  if (secrets.length === 0) expect(credentialsIn(value)).toEqual([]);
  expect(withoutCredentials(value)).toBe(shown);
});
