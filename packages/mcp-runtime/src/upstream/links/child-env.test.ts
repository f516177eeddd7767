import { mkdtempSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { childEnvironment, unreadableCertificates } from './child-env.ts';

function environment(env: Record<string, string>, handedOn: Record<string, string>) {
  return childEnvironment(
    { kind: 'stdio', command: 'x', args: [], env, cwd: null },
    { path: '/bin', home: '/home', handedOn },
  );
}

describe('the environment of a program', () => {
  const hub = {
    HTTPS_PROXY: 'http://hub:1',
    https_proxy: 'http://hub:1',
    HTTP_PROXY: 'http://hub:1',
    NO_PROXY: 'hub',
    npm_config_registry: 'https://hub/',
    UV_INDEX_URL: 'https://hub/',
  };

  test('has what is handed on, beside its fixed part', () => {
    expect(environment({}, hub)).toMatchObject({ ...hub, PATH: '/bin', HOME: '/home' });
    expect(environment({}, { PATH: '/evil', HOME: '/root' })).toMatchObject({ PATH: '/bin', HOME: '/home' });
  });

  test.each([
    [{ https_proxy: 'http://own:2' }, ['HTTPS_PROXY']],
    [{ all_proxy: 'http://own:2' }, ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY']],
    [{ NPM_CONFIG_REGISTRY: 'https://own/' }, ['npm_config_registry']],
    [{ UV_DEFAULT_INDEX: 'https://own/' }, ['UV_INDEX_URL']],
  ])('has of its own %j alone, whatever their case', (own: Record<string, string>, gone) => {
    const result = environment(own, hub);
    expect(result).toMatchObject(own);
    for (const name of gone) expect(result, name).not.toHaveProperty(name);
    expect(result).toHaveProperty('NO_PROXY', 'hub');
  });
});

describe('files of certificates', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'switchboard-certificates-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'ca.pem');
  writeFileSync(file, '');
  chmodSync(folder, 0o755);

  test('that the account of a program may not read are told', () => {
    const runner = { uid: 61_200, gid: 61_200 };
    function told() {
      return unreadableCertificates({ NODE_EXTRA_CA_CERTS: file, TOKEN: file, CURL_CA_BUNDLE: 'ca' }, runner);
    }
    chmodSync(file, 0o644);
    expect(told()).toEqual([]);
    chmodSync(file, 0o600);
    expect(told()).toEqual([
      `The variable NODE_EXTRA_CA_CERTS names ${file}, which uid 61200, under which the server runs, may not read: let everybody read it and enter its folders.`,
    ]);
    chmodSync(file, 0o644);
    chmodSync(folder, 0o700);
    expect(told()).toHaveLength(1);
    chmodSync(folder, 0o755);
  });

  test('that are not there are told, each folder of a list by itself', () => {
    const env = { SSL_CERT_DIR: `${folder}:${folder}/none`, SSL_CERT_FILE: '/no/such' };
    expect(unreadableCertificates(env, null)).toEqual([
      `The variable SSL_CERT_DIR names ${folder}/none, which does not exist.`,
      'The variable SSL_CERT_FILE names /no/such, which does not exist.',
    ]);
  });
});
