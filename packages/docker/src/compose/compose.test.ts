import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { foreignNames } from '../policy/policy.ts';
import { findTestEngine, openTestEngine, suiteTitle, type TestEngine } from '../testing/testing.ts';
import { createComposeRunner } from './compose-run.ts';
import { declaredServices } from './compose-status.ts';
import { createCompose, type Compose, type ComposeRules, type Stack } from './compose.ts';
import { createStacks, type Stacks } from './stacks.ts';

const found = await findTestEngine();
const run = promisify(execFile);

describe.skipIf('missing' in found)(suiteTitle('stacks on a real engine', found), { timeout: 300_000 }, () => {
  let test: TestEngine;
  let root = '';
  let stacks: Stacks;
  let compose: Compose;
  const rules: ComposeRules = {
    allowedRoots: [],
    granted: new Set(),
    foreign: { volumes: foreignNames(), networks: foreignNames() },
    engineSockets: [],
  };
  /** Without networks, but where they matter: to make and remove one takes the engine twice what a container takes. */
  function content(change = '', network = 'network_mode: none') {
    const isNamed = /network/.test(change);
    return `
services:
  web:
    image: ${test.image}
    stop_grace_period: 0s
    ${network}
    environment: { GREETING: "\${GREETING:-none}", HOME_SEEN: "\${HOME}", PRICE: "5$$" }
    volumes: [ "./data:/data", "kept:/kept" ]
  db:
    image: ${test.image}
    stop_grace_period: 0s
    ${isNamed ? '' : network}
    ${change}
volumes: { kept: {} }
`;
  }
  function write(text: string, env: string | null = null, path: string | null = null): Promise<Stack> {
    return stacks.write(stacks.locate(text, path), { content: text, env });
  }
  async function deploy(stack: Stack, options = {}) {
    const { model, environment, violations } = await compose.check(stack, rules);
    expect(violations).toEqual([]);
    return await all(compose.up(stack, model, { environment, labels: test.labels, ...options }));
  }
  function all(lines: AsyncIterable<string>) {
    return Array.fromAsync(lines);
  }

  beforeAll(async () => {
    test = await openTestEngine('host' in found ? found.host : '');
    root = await mkdtemp(join(tmpdir(), 'stacks-'));
    stacks = createStacks(root);
    compose = createCompose(test.engine, createComposeRunner(test.engine.connection.engineHost));
  });
  afterEach(async () => {
    for (const { project } of await compose.projects()) {
      const mine = (await compose.status(project, [])).services;
      if (
        Object.values(mine).some(({ containers }) =>
          containers.some(({ labels }) => labels['switchboard.test'] === test.labels['switchboard.test']),
        )
      ) {
        await all(compose.down({ project, folder: root }, { volumes: true }));
      }
    }
  });
  afterAll(async () => {
    await test[Symbol.asyncDispose]();
    await rm(root, { recursive: true });
  });

  it('start, tell their state by labels, and stop what was started', async () => {
    const text = content('', '');
    const stack = await write(text, 'GREETING=hello\n');
    const declared = declaredServices(text);
    expect(await compose.status(stack.project, declared)).toMatchObject({
      isRunning: false,
      services: { web: { id: null, status: 'not_created', running: false } },
    });
    const lines = await deploy(stack);
    expect(lines.join('\n')).toMatch(/Container .*web-1 +Started/);
    const status = await compose.status(stack.project, declared);
    expect(status).toMatchObject({ isRunning: true, services: { web: { running: true }, db: { status: 'running' } } });
    const web = status.services['web']?.containers[0];
    expect(web?.environment).toMatchObject({ GREETING: 'hello', HOME_SEEN: '', PRICE: '5$' });
    expect(web?.labels).toMatchObject(test.labels);
    expect(web?.mounts.map(({ source }) => source)).toContain(join(stack.folder, 'data'));
    expect((await test.engine.networks.get(`${stack.project}_default`)).labels).toMatchObject(test.labels);
    expect(await test.engine.volumes.get(`${stack.project}_kept`)).toMatchObject({ labels: test.labels });

    await test.engine.containers.kill(web?.id ?? '');
    expect((await compose.status(stack.project, declared)).isRunning).toBe(false);
    await all(compose.down(stack));
    expect((await compose.status(stack.project, declared)).services['web']?.status).toBe('not_created');
    expect(await test.engine.volumes.get(`${stack.project}_kept`)).toMatchObject({ usedBy: [] });
    await test.engine.volumes.remove(`${stack.project}_kept`);
  });

  it('are found again with the same content and no path', async () => {
    const text = content();
    await deploy(await write(text));
    const again = stacks.locate(`# edited\n${text}`, null);
    expect((await compose.status(again.project, declaredServices(text))).isRunning).toBe(true);
    expect(existsSync(join(again.folder, 'compose.yaml'))).toBe(true);
    expect(await compose.projects()).toContainEqual(
      expect.objectContaining({ project: again.project, services: ['db', 'web'], running: 2, folder: again.folder }),
    );
  });

  it('redeploy only what changed, and say so before', async () => {
    const path = 'team/shop';
    const stack = await write(content(), null, path);
    expect(stack).toMatchObject({ project: 'team-shop', folder: join(root, 'team/shop'), file: 'compose.yaml' });
    await deploy(stack);
    const before = await compose.status(stack.project, []);
    await write(content('environment: { A: "1" }'), null, path);
    const { model } = await compose.check(stack, rules);
    const plan = await compose.plan({ ...stack, envFile: null }, model, { labels: test.labels });
    expect(plan.toSorted((a, b) => a.service.localeCompare(b.service))).toEqual([
      { service: 'db', change: 'recreate' },
      { service: 'web', change: 'keep' },
    ]);
    await deploy(stack);
    const after = await compose.status(stack.project, []);
    expect(after.services['web']?.id).toBe(before.services['web']?.id);
    expect(after.services['db']?.id).not.toBe(before.services['db']?.id);
  });

  it('scale, restart and stop', async () => {
    const stack = await write(content());
    await deploy(stack, { scale: { db: 3 } });
    async function db() {
      return (await compose.status(stack.project, declaredServices(content()))).services['db'];
    }
    expect((await db())?.containers).toHaveLength(3);
    const started = (await db())?.containers[0]?.startedAt;
    await all(compose.restart(stack, { services: ['db'] }));
    expect((await db())?.containers[0]?.startedAt).not.toBe(started);
    await all(compose.stop(stack, { services: ['db'] }));
    expect(await db()).toMatchObject({ status: 'exited', running: false });
  });

  it('say what they say, all together or one alone', async () => {
    const loud = `command: [sh, -c, "echo from db; sleep 600"]`;
    const stack = await write(
      content(loud).replace('environment:', 'command: [sh, -c, "echo from web; sleep 600"]\n    environment:'),
    );
    await deploy(stack);
    async function said(query: object) {
      const lines: string[] = [];
      for await (const { service, text } of compose.logs(stack.project, query)) lines.push(`${service}: ${text}`);
      return lines.sort();
    }
    await expect.poll(() => said({})).toEqual(['db: from db', 'web: from web']);
    expect(await said({ service: 'db' })).toEqual(['db: from db']);
    const left = new AbortController();
    const followed = new Set<string>();
    for await (const { service, text } of compose.logs(stack.project, { follow: true, signal: left.signal })) {
      if (followed.add(`${service}: ${text}`).size === 2) left.abort();
    }
    expect(followed).toEqual(new Set(['db: from db', 'web: from web']));
  });

  it('can be used by hand with what lies on disk', async () => {
    const stack = await write(content(), 'GREETING=by-hand\n');
    await deploy(stack);
    const { stdout } = await run('docker', ['compose', '-p', stack.project, 'ps', '--format', '{{.Service}}'], {
      cwd: stack.folder,
    });
    expect(stdout.trim().split('\n').sort()).toEqual(['db', 'web']);
    await run('docker', ['compose', '-p', stack.project, 'down'], { cwd: stack.folder });
    expect((await compose.status(stack.project, [])).services).toEqual({});
  });

  it('are refused as a whole, with the name of the thing, and start nothing', async () => {
    const outside = join(root, 'outside');
    await writeFile(outside, 'SECRET=1');
    const cases: [string, string, string][] = [
      ['privileged: true', 'privileged', 'services.db.privileged'],
      ['volumes: [ "/etc:/host" ]', 'host-paths', 'services.db.volumes[0]'],
      ['volumes: [ "./link:/host" ]', 'host-paths', 'services.db.volumes[0]'],
      ['volumes: [ "/var/run/docker.sock:/s" ]', 'engine-socket', 'services.db.volumes[0]'],
      ['env_file: ../outside', 'outside-folder', 'services.db.env_file'],
      ['build: ../', 'outside-folder', 'services.db.build.context'],
      ['{ privileged: true, profiles: [hidden] }', 'privileged', 'services.db.privileged'],
      ['network_mode: "${MODE}"', 'host-network', 'services.db.network_mode'],
    ];
    for (const [setting, rule, where] of cases) {
      const inside = setting.startsWith('{') ? setting.slice(2, -2).replace(', ', '\n    ') : setting;
      const stack = await write(content(inside), 'MODE=host\n', 'bad');
      if (!existsSync(join(stack.folder, 'link'))) await symlink('/etc', join(stack.folder, 'link'));
      const { violations } = await compose.check(stack, rules);
      expect(violations).toContainEqual(expect.objectContaining({ rule, where }));
      // Other tests use the same engine meanwhile.
      const labels = [`com.docker.compose.project=${stack.project}`];
      expect(await test.engine.containers.list({ labels })).toEqual([]);
    }
  });

  it('that are none are refused before anything starts', async () => {
    async function bad(text: string) {
      const stack = await write(text, null, 'broken');
      return await compose.check(stack, rules).catch((error: unknown) => error);
    }
    expect(await bad('services:\n  web: {image: x, foo: 1}')).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('foo'),
    });
    expect(await bad('services:\n  web: {image: x, depends_on: [y]}')).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('y'),
    });
    expect(() => stacks.locate('services: [', null)).toThrow(expect.objectContaining({ code: 'invalid' }));
    await symlink('/etc', join(root, 'elsewhere'));
    expect(() => stacks.locate(content(), 'elsewhere/x')).toThrow(expect.objectContaining({ field: 'path' }));
  });

  it('take nothing of the hub’s environment, and no other engine from their own', async () => {
    process.env['HUB_SECRET'] = 'hub-secret';
    const stack = await write(
      content('environment: { LEAK: "x${HUB_SECRET}" }'),
      'DOCKER_HOST=tcp://127.0.0.1:9\nCOMPOSE_PROJECT_NAME=other\n',
    );
    await deploy(stack);
    const { services } = await compose.status(stack.project, []);
    expect(services['db']?.containers[0]?.environment['LEAK']).toBe('x');
  });

  it('get what Compose looks up at their start: secrets, configs and profiles', async () => {
    const env =
      'SECRET_VALUE="a $$x \\"b\\"\nsecond # line"\n2ND=two\nLD_PRELOAD=/no/such.so\nCOMPOSE_PROFILES=debug\n';
    const looked = `  debug:
    image: ${test.image}
    stop_grace_period: 0s
    profiles: [debug]
    secrets: [s, t]
    configs: [c, l]
  other:
    image: ${test.image}
    profiles: [other]
volumes: { kept: {} }
secrets: { s: { environment: SECRET_VALUE }, t: { environment: 2ND } }
configs: { c: { environment: SECRET_VALUE }, l: { environment: LD_PRELOAD } }
`;
    const text = content().replace('volumes: { kept: {} }\n', looked);
    const stack = await write(text, env, 'looked/up');
    await deploy(stack);
    const { services, isRunning } = await compose.status(stack.project, declaredServices(text));
    expect(isRunning).toBe(true);
    expect(services['other']?.containers).toEqual([]);
    const [debug] = services['debug']?.containers ?? [];
    async function read(path: string) {
      return String(await test.engine.files.readFile(debug?.id ?? '', path));
    }
    const byHand = 'a $x "b"\nsecond # line';
    expect([await read('/run/secrets/s'), await read('/run/secrets/t')]).toEqual([byHand, 'two']);
    expect([await read('/c'), await read('/l')]).toEqual([byHand, '/no/such.so']);
    expect(debug?.environment).not.toHaveProperty('SWITCHBOARD_VALUE_0');

    await all(compose.down(stack));
    const unset = await write(text.replace('environment: 2ND', 'environment: NOWHERE'), env, 'looked/up');
    await expect(deploy(unset)).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('NOWHERE') });
  });

  it.each([
    ['networks: [n]', 'networks: { n: { external: true, name: no-such-network } }', 'invalid'],
    ['secrets: [s]', 'secrets: { s: { file: ./no-such-file } }', 'invalid'],
    ['profiles: [unasked]', '', 'invalid'],
    ['command: /no/such/program', '', 'conflict'],
    ['image: sbt-no-such-image:1\n    pull_policy: never', '', 'not_found'],
    ['container_name: NAME', '', 'conflict'],
  ])('say whose fault a failure is, in a line: %s', async (setting, more, code) => {
    const { name } = await test.engine.containers.create({ image: test.image, labels: test.labels });
    const image = setting.startsWith('image:') ? '' : `    image: ${test.image}\n`;
    const text = `services:\n  web:\n${image}    ${setting.replace('NAME', name)}\n${more}\n`;
    const stack = await write(text, null, `error-fail-unauthorized-${code}`);
    const { model } = await compose.check(stack, rules);
    const failure = await all(compose.up(stack, model, { labels: test.labels })).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, message: expect.not.stringContaining('\n') });
    await all(compose.down(stack));
  });

  it('say why they fail, without secrets, and end when given up', async () => {
    const stack = await write(content(`command: [no-such-program, s3cret]`));
    const { model } = await compose.check(stack, rules);
    function mask(text: string) {
      return text.replaceAll('no-such-program', '***');
    }
    const failing = all(compose.up(stack, model, { labels: test.labels, mask }));
    await expect(failing).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('The program "***" is not in the image'),
    });
    const late = compose.up(stack, model, { labels: test.labels, signal: AbortSignal.abort() });
    await expect(all(late)).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('on an engine that is away fail clearly', async () => {
    const away = createCompose(
      test.engine,
      createComposeRunner({ kind: 'tcp', host: '127.0.0.1', port: 9, tls: null }),
    );
    const stack = await write(content());
    const { model } = await compose.check(stack, rules);
    await expect(all(away.up(stack, model))).rejects.toMatchObject({ code: 'unreachable' });
    const none = createCompose(
      test.engine,
      createComposeRunner({ kind: 'socket', path: '/x' }, { program: 'no-such-docker' }),
    );
    await expect(none.config(stack)).rejects.toMatchObject({ message: expect.stringContaining('not installed') });
  });
});
