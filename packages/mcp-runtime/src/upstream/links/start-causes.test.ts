import { expect, test } from 'vitest';
import { textOf } from '../../reasons.ts';
import { createComplaints } from './complaints.ts';
import { downloadSigns, talkative } from './package-runners.ts';

/** What the program wrote, as npm 10 and 11, uv, pip, Python, Node.js and shells write it. */
const told: readonly (readonly [string, string, string, string])[] = [
  [
    'npm: no such package',
    'npx',
    `npm http fetch GET 404 http://127.0.0.1:4901/@acme%2fx 16ms (cache skip)
npm error code E404
npm error 404 Not Found - GET http://127.0.0.1:4901/@acme%2fx - Not found
npm error 404
npm error 404  The requested resource '@acme/x@*' could not be found or you do not have permission to access it.
npm error 404
npm error 404 Note that you can also install from a
npm error 404 tarball, folder, http url, or git url.
npm notice
npm notice New minor version of npm available! 11.19.1 -> 11.21.2
npm error A complete log of this run can be found in: /root/.npm/_logs/2026-11-29T02_36_42_590Z-debug-0.log`,
    'npm knows no package @acme/x: 127.0.0.1:4901 does not have it, or does not show it here.',
  ],
  [
    'npm of earlier years: no such package',
    '/usr/bin/npx',
    `npm ERR! code E404
npm ERR! 404 Not Found - GET https://registry.npmjs.org/no-such-thing - Not found
npm ERR! 404
npm ERR! 404  'no-such-thing@1.2.3' is not in this registry.
npm ERR! A complete log of this run can be found in:
npm ERR!     /root/.npm/_logs/x-debug-0.log`,
    'npm knows no package no-such-thing: registry.npmjs.org does not have it, or does not show it here.',
  ],
  [
    'npm: no such version',
    'npx',
    `npm error code ETARGET
npm error notarget No matching version found for left-pad@99.
npm error notarget In most cases you or one of your dependencies are requesting
npm error A complete log of this run can be found in: /x`,
    'npm finds no version for left-pad@99: look which ones there are.',
  ],
  [
    'npm: a certificate',
    'npx',
    `npm error code DEPTH_ZERO_SELF_SIGNED_CERT
npm error errno DEPTH_ZERO_SELF_SIGNED_CERT
npm error request to https://me:pw@npm.example:4902/@acme%2fx failed, reason: self-signed certificate
npm error A complete log of this run can be found in: /x`,
    'A certificate between here and npm.example:4902 is not trusted: set NODE_EXTRA_CA_CERTS to a file with the certificate of its authority.',
  ],
  [
    'npm: a certificate, while it still tries',
    'npx',
    'npm http fetch GET https://registry.npmjs.org/@acme%2fx attempt 1 failed with SELF_SIGNED_CERT_IN_CHAIN',
    'A certificate between here and registry.npmjs.org is not trusted: set NODE_EXTRA_CA_CERTS to a file with the certificate of its authority.',
  ],
  [
    'npm: a certificate, and the authority cannot be read',
    'npx',
    `Warning: Ignoring extra certs from \`/root/ca.pem\`, load failed: error:8000000D:system library::Permission denied
npm http fetch GET https://registry.npmjs.org/x attempt 2 failed with UNABLE_TO_GET_ISSUER_CERT_LOCALLY`,
    'A certificate is not trusted, and the program cannot use the file of NODE_EXTRA_CA_CERTS: let its account read /root/ca.pem.',
  ],
  [
    'npm: offline',
    'npx',
    `npm http fetch GET http://nosuch.invalid/@acme%2fx attempt 1 failed with ENOTFOUND
npm error code ENOTFOUND
npm error syscall getaddrinfo
npm error errno ENOTFOUND
npm error network request to http://nosuch.invalid/@acme%2fx failed, reason: getaddrinfo ENOTFOUND nosuch.invalid
npm error network This is a problem related to network connectivity.
npm error A complete log of this run can be found in: /x`,
    'The name nosuch.invalid cannot be resolved here: this machine is offline, or reaches it only through a proxy (HTTPS_PROXY).',
  ],
  [
    'npm: refused',
    'npx',
    `npm error code ECONNREFUSED
npm error syscall connect
npm error FetchError: request to http://127.0.0.1:1/@acme%2fx failed, reason: connect ECONNREFUSED 127.0.0.1:1
npm error     at ClientRequest.<anonymous> (/usr/lib/index.js:130:14)
npm error   type: 'system'
npm error }`,
    '127.0.0.1:1 cannot be reached (ECONNREFUSED): this machine is offline, or needs a proxy (HTTPS_PROXY).',
  ],
  [
    'npm: may not write',
    'npx',
    `npm error code EACCES
npm error syscall mkdir
npm error path /root/.npm/_cacache
npm error errno EACCES
npm error Error: EACCES: permission denied, mkdir '/root/.npm/_cacache'`,
    'npm may not use /root/.npm/_cacache (EACCES).',
  ],
  [
    'npm: nothing to start',
    'npx',
    'npm error could not determine executable to run\nnpm error A complete log of this run can be found in: /x',
    'The package has no program that can be started this way: look at its name and its arguments.',
  ],
  [
    'npm: anything else',
    'npm',
    `npm error code ELIFECYCLE
npm error path /x
npm error command failed
npm error A complete log of this run can be found in: /x`,
    'command failed',
  ],
  [
    'uv: no such package',
    'uvx',
    `  × No solution found when resolving tool dependencies:
  ╰─▶ Because mcp-server-acme was not found in the package registry and you
      require mcp-server-acme, we can conclude that your requirements are
      unsatisfiable.`,
    'uv knows no package mcp-server-acme: look at its name, and which registry is asked.',
  ],
  [
    'uv: a certificate',
    'uvx',
    `  × Failed to fetch: \`https://pypi.org/simple/mcp-server-fetch/\`
  ├─▶ Request failed after 3 retries
  ├─▶ error sending request for url (https://pypi.org/simple/mcp-server-fetch/)
  ├─▶ client error (Connect)
  ╰─▶ invalid peer certificate: UnknownIssuer`,
    'A certificate between here and pypi.org is not trusted: set SSL_CERT_FILE to a file with the certificate of its authority.',
  ],
  [
    'uv: offline',
    'uvx',
    `error: Request failed after 3 retries
  Caused by: Failed to fetch: \`https://pypi.org/simple/mcp-server-fetch/\`
  Caused by: dns error: failed to lookup address information: Name or service not known`,
    'The name pypi.org cannot be resolved here: this machine is offline, or reaches it only through a proxy (HTTPS_PROXY).',
  ],
  [
    'pip: no such package',
    'pipx',
    `Looking in indexes: http://127.0.0.1:4901/simple/
ERROR: Could not find a version that satisfies the requirement mcp-server-acme (from versions: none)
ERROR: No matching distribution found for mcp-server-acme`,
    'pip knows no package mcp-server-acme: look at its name, and which registry is asked.',
  ],
  [
    'pip: a certificate, which it takes for no package',
    'pipx',
    `Could not fetch URL https://127.0.0.1:4902/simple/x/: There was a problem confirming the ssl certificate: HTTPSConnectionPool(host='127.0.0.1', port=4902): Max retries exceeded with url: /simple/x/ (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1006)'))) - skipping
ERROR: No matching distribution found for x`,
    'A certificate between here and 127.0.0.1:4902 is not trusted: set SSL_CERT_FILE to a file with the certificate of its authority.',
  ],
  [
    'Python: no such module',
    'python3',
    '/usr/bin/python3: No module named mcp_server_fetch',
    'Python has no module mcp_server_fetch: install its package here, or start it with uvx.',
  ],
  ['a shell', 'npx', 'sh: 1: mcp-thing: not found', 'The program needs mcp-thing, which is not installed here.'],
  ['bash', 'x', 'run.sh: line 3: uvx: command not found', 'The program needs uvx, which is not installed here.'],
  [
    'env',
    '/opt/server',
    '/usr/bin/env: ‘python3’: No such file or directory',
    'The program needs python3, which is not installed here.',
  ],
  [
    'the server itself, with what it says last',
    'node',
    'Listening\nError: bad key\n    at main (server.js:1:1)\nnpm notice\nnpm error A complete log of this run can be found in: /x',
    'Error: bad key',
  ],
  [
    'a flood of lines',
    'node',
    'Error: bad key\n103 more lines (105060 bytes) came too fast and were dropped.',
    'Error: bad key',
  ],
  ['words, and a flood', 'node', 'one\n103 more lines (105060 bytes) came too fast and were dropped.', 'one'],
  ['nothing but words', 'node', 'one\ntwo', 'two'],
];

test.each(told)('%s', (_what, command, output, words) => {
  const complaints = createComplaints(command);
  for (const line of output.split('\n')) complaints.line(line);
  expect(textOf(complaints.best())).toBe(words);
});

test('what was said long ago is no cause', () => {
  const complaints = createComplaints('node');
  complaints.line('fetch failed: self-signed certificate at https://db.example/');
  for (let line = 0; line < 20; line += 1) complaints.line(`served ${line}`);
  complaints.line('Error: out of luck');
  expect(complaints.cause()).toBeNull();
  expect(textOf(complaints.best())).toBe('Error: out of luck');
});

test('what npm got at its second attempt is no cause', () => {
  const complaints = createComplaints('npx');
  complaints.line('npm http fetch GET https://registry.npmjs.org/x attempt 1 failed with ECONNRESET');
  complaints.line('npm http fetch GET 200 https://registry.npmjs.org/x 83ms (cache miss)');
  complaints.line('Error: out of luck');
  expect(textOf(complaints.best())).toBe('Error: out of luck');
});

test('any output is read in time that grows with its length', () => {
  const pieces = [
    'npm error code E404',
    "'",
    '@',
    'https://',
    'Because ',
    ' attempt 1',
    ': ',
    "host='",
    'No module named ',
  ];
  const complaints = createComplaints('npx');
  const begun = performance.now();
  for (const piece of pieces) {
    complaints.line(piece.repeat(100_000));
    for (let line = 0; line < 200; line += 1) complaints.line(piece.repeat(4_096 / piece.length));
    complaints.best();
  }
  expect(performance.now() - begun).toBeLessThan(10_000);
});

test.each([
  ['npx', 'npm http fetch GET 200 https://registry.npmjs.org/x/-/x-1.0.0.tgz 83ms (cache miss)', true],
  ['npx', 'npm http fetch GET 200 https://registry.npmjs.org/x 3ms (cache hit)', false],
  ['npx', 'npm http fetch GET 404 https://registry.npmjs.org/x 3ms (cache skip)', false],
  ['npx', 'npm http fetch GET https://registry.npmjs.org/x attempt 1 failed with ENOTFOUND', false],
  ['/usr/bin/uvx', 'Downloading cpython-3.12.8-linux-x86_64-gnu (20.3MiB)', true],
  ['uvx', ' Downloaded pydantic-core', true],
  ['docker', 'a1b2c3: Pulling fs layer', true],
  ['node', 'Downloading the model', false],
])('a line of %s shows a download or not: %s', (command, line, shows) => {
  expect(downloadSigns(command)(line)).toBe(shows);
});

test('npm tells its requests unless somebody said how much it tells', () => {
  expect(talkative('npx', ['-y', 'x'], {})).toEqual({ npm_config_loglevel: 'http' });
  expect(talkative('/usr/bin/npx', ['--loglevel=error', 'x'], {})).toEqual({});
  expect(talkative('npx', ['x'], { NPM_CONFIG_LOGLEVEL: 'warn' })).toEqual({});
  expect(talkative('node', ['x'], {})).toEqual({});
});
