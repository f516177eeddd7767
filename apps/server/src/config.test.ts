import { describe, expect, test } from 'vitest';
import { isLoopback, loadConfig } from './config.ts';

describe('loadConfig', () => {
  test('has the documented defaults', () => {
    expect(loadConfig({})).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: null,
      adminUsername: 'admin',
      adminPassword: null,
      authMode: 'required',
      allowRegistration: true,
      allowPrivateUrls: false,
      bodyLimit: 10 * 1024 * 1024,
      drainDelayMs: 0,
      drainTimeoutMs: 10_000,
      trustProxy: false,
      logLevel: 'info',
    });
  });

  test('an empty value counts as not set', () => {
    expect(loadConfig({ PORT: '', PUBLIC_URL: '', TRUST_PROXY: '' })).toMatchObject({ port: 3000, publicUrl: null });
  });

  test('reads lists, sizes, flags and origins', () => {
    const config = loadConfig({
      ALLOWED_HOSTS: 'hub.lan, hub.example.com:8443',
      ALLOWED_ORIGINS: 'https://page.example.com/',
      BODY_LIMIT: '512kb',
      TRUST_PROXY: 'yes',
      DRAIN_DELAY: '1.5s',
      DRAIN_TIMEOUT: '2m',
      OAUTH_ACCESS_TOKEN: '30m',
      OAUTH_REGISTRATION: 'off',
      PUBLIC_URL: 'https://hub.example.com/',
    });
    expect(config).toMatchObject({
      allowedHosts: ['hub.lan', 'hub.example.com:8443'],
      allowedOrigins: ['https://page.example.com'],
      bodyLimit: 512 * 1024,
      trustProxy: true,
      drainDelayMs: 1500,
      drainTimeoutMs: 120_000,
      oauth: { registration: false, accessSeconds: 1800, refreshSeconds: 5_184_000 },
      publicUrl: 'https://hub.example.com',
    });
  });

  test('knows where stacks are and what containers may mount', () => {
    expect(loadConfig({ DATA_DIR: '/srv/hub', CONTAINER_ROOTS: '/srv/shared/, /mnt/media' })).toMatchObject({
      dockerHost: null,
      stacksDir: '/srv/hub/stacks',
      containerRoots: ['/srv/shared/', '/mnt/media'],
    });
    expect(() => loadConfig({ CONTAINER_ROOTS: 'relative' })).toThrow(/^CONTAINER_ROOTS: must be absolute/);
  });

  test('takes the values of passed-through names along', () => {
    const { envPassthrough } = loadConfig({ ENV_PASSTHROUGH: 'TOKEN,ABSENT', TOKEN: 'abc', OTHER: 'x' });
    expect(envPassthrough).toEqual({ TOKEN: 'abc' });
  });

  test('registration is closed where others reach the port', () => {
    expect(loadConfig({ HOST: '0.0.0.0' }).allowRegistration).toBe(false);
    expect(loadConfig({ HOST: '0.0.0.0', ALLOW_REGISTRATION: 'true' }).allowRegistration).toBe(true);
  });

  test.each([
    [{ PORT: 'http' }, /^PORT: must be a whole number from 0 to 65535$/],
    [{ PORT: '70000' }, /^PORT: must be a whole number from 0 to 65535$/],
    [{ PORT: '0x10' }, /^PORT: must be a whole number/],
    [{ MAX_SESSIONS: '0' }, /^MAX_SESSIONS: must be a whole number from 1 to 1000000$/],
    [{ CHILD_MAX_FILES: '1e9' }, /^CHILD_MAX_FILES: must be a whole number from 64 to 1000000$/],
    [{ https_proxy: 'socks5://me:pw@proxy:1080' }, /^https_proxy: must be the address of an HTTP proxy(?!.*pw)/],
    [{ ALL_PROXY: 'http://me:pw@proxy/path' }, /^ALL_PROXY: must be the address of an HTTP proxy(?!.*pw)/],
    [{ ADMIN_USERNAME: 'a b/c' }, /^ADMIN_USERNAME: must be letters of any script/],
    [{ DATABASE_URL: 'mysql://x' }, /^DATABASE_URL: must be a postgres/],
    [{ SECRET_KEY: 'short' }, /^SECRET_KEY: must be 32 bytes/],
    [{ ADMIN_PASSWORD: 'short' }, /^ADMIN_PASSWORD: /],
    [{ AUTH_MODE: 'none' }, /^AUTH_MODE: /],
    [{ TRUST_PROXY: 'perhaps' }, /^TRUST_PROXY: /],
    [{ BODY_LIMIT: 'lots' }, /^BODY_LIMIT: must be a size/],
    [{ ALLOWED_ORIGINS: 'page.example.com' }, /^ALLOWED_ORIGINS: /],
    [{ ENV_PASSTHROUGH: 'A-B' }, /^ENV_PASSTHROUGH: /],
    [{ DRAIN_TIMEOUT: '10' }, /^DRAIN_TIMEOUT: must be a length of time .*unit/],
    [{ JOB_POLL: '500ms' }, /^JOB_POLL: must be at least 1s/],
    [{ DRAIN_DELAY: '1h' }, /^DRAIN_DELAY: must be a length of time up to 10m/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL: /],
    [{ OAUTH_ACCESS_TOKEN: '30s' }, /^OAUTH_ACCESS_TOKEN: must be between 1m and 365d/],
    [{ OAUTH_REFRESH_TOKEN: '2y' }, /^OAUTH_REFRESH_TOKEN: must be between 1m and 365d/],
    [{ OAUTH_REGISTRATION: 'maybe' }, /^OAUTH_REGISTRATION: /],
    [{ PUBLIC_URL: 'ftp://hub' }, /^PUBLIC_URL: /],
    [{ PUBLIC_URL: 'https://hub.example.com/switchboard' }, /^PUBLIC_URL: must be .*like https:\/\/hub\.example\.com:/],
    [{ PUBLIC_URL: 'https://hub.example.com/?at=1' }, /^PUBLIC_URL: must be /],
    [{ PUBLIC_URL: 'https://me:pw@hub.example.com' }, /^PUBLIC_URL: must be (?!.*pw)/],
  ])('names the bad setting in one line: %j', (env, message) => {
    expect(() => loadConfig(env)).toThrow(message);
    expect(() => loadConfig(env)).toThrow(/^[^\n]*$/);
  });

  test.each([
    [{ HOST: '0.0.0.0' }, /HOST/],
    [{ PUBLIC_URL: 'https://hub.example.com' }, /PUBLIC_URL/],
    [{ TRUST_PROXY: 'true' }, /TRUST_PROXY/],
  ])('AUTH_MODE=open is refused with %j', (env, message) => {
    expect(() => loadConfig({ AUTH_MODE: 'open', ...env })).toThrow(message);
  });

  test('AUTH_MODE=open is fine on loopback', () => {
    expect(loadConfig({ AUTH_MODE: 'open', HOST: '::1', PUBLIC_URL: 'http://localhost:3000' }).authMode).toBe('open');
  });
});

test('isLoopback knows names and addresses', () => {
  for (const name of ['localhost', 'hub.localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]']) {
    expect(isLoopback(name), name).toBe(true);
  }
  for (const name of ['localhost.example.com', '128.0.0.1', '0.0.0.0', '::', 'example.com']) {
    expect(isLoopback(name), name).toBe(false);
  }
});
