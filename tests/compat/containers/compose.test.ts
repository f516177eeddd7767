import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { suiteTitle } from '@switchboard/docker/testing';
import type { Json } from '../../support/app.ts';
import { createEngineApp, type EngineApp, engineFound, noEngine } from '../../support/engine.ts';
import { verifies } from '../verifies.ts';

let app: EngineApp;
function stacksDir() {
  return path.join(app.dataDir, 'stacks', 'local');
}
function compose(action: 'up' | 'down' | 'status', content: string, more: Json = {}) {
  return app.json(`/api/compose/${action}`, { body: { content, ...more } });
}
/** A service without a network: to make and remove a stack's own takes the engine twice what its container takes. */
const apart = 'image: IMAGE\n    stop_grace_period: 0s\n    network_mode: none\n';
const used: { content: string; more: Json }[] = [];

/** A stack of this run, taken down after its test. */
function stack(services: string, more: Json = {}): { content: string; more: Json } {
  const made = { content: services.replaceAll('IMAGE', app.image), more };
  used.push(made);
  return made;
}
function web() {
  return stack('services:\n  web:\n    image: IMAGE\n    stop_grace_period: 0s\n');
}

describe.skipIf(noEngine)(suiteTitle('Compose', engineFound), () => {
  beforeAll(async () => {
    app = await createEngineApp();
  });
  afterEach(async () => {
    for (const { content, more } of used.splice(0)) await compose('down', content, more);
  });
  afterAll(() => app.stop());

  verifies(11, 'deploys a content with the documented words', async () => {
    const { content } = web();
    const { status, body } = await compose('up', content);
    expect([status, body]).toEqual([
      200,
      { status: 'success', message: 'Compose堆栈已成功部署', project: expect.stringMatching(/^mcp-[0-9a-f]{10}$/) },
    ]);
    const again = await compose('up', content);
    expect(again.body).toEqual(body);
    const containers = await app.docker.engine.containers.list({
      labels: [`com.docker.compose.project=${body.project}`],
    });
    expect(containers.map(({ status: state }) => state)).toEqual(['running']);
    const folder = path.join(stacksDir(), body.project);
    expect(await readFile(path.join(folder, 'compose.yaml'), 'utf8')).toBe(content);
  });

  verifies(11, 'keeps it under its path, whose folder is its working directory', async () => {
    const place = `${app.docker.prefix}/web`;
    await mkdir(path.join(stacksDir(), place), { recursive: true });
    await writeFile(path.join(stacksDir(), place, '.env'), 'GREETING=from the file\n');
    const more = { path: place };
    const { content } = stack(
      `services:\n  web:\n    ${apart}    environment:\n      GREETING: \${GREETING}\n      HOME_OF_HUB: "\${HOME}"\n    volumes: ["./data:/data"]\n`,
      more,
    );
    const { status, body } = await compose('up', content, more);
    expect(status, JSON.stringify(body)).toBe(200);
    expect(existsSync(path.join(stacksDir(), place, 'data'))).toBe(true);
    const [container] = await app.docker.engine.containers.list({
      labels: [`com.docker.compose.project=${body.project}`],
    });
    expect(container?.environment).toMatchObject({ GREETING: 'from the file', HOME_OF_HUB: '' });
  });

  verifies(11, 'no YAML, no services, and a path that leads out are 400, and nothing starts', async () => {
    async function ours() {
      return (await app.docker.engine.containers.list()).filter(
        ({ image }) => image === app.image || image === 'busybox',
      );
    }
    const before = (await ours()).length;
    const good = 'services: {web: {image: busybox}}';
    const cases: [string, Json][] = [
      ['services: [', {}],
      ['just text', {}],
      ['volumes: {}', {}],
      [good, { path: '/etc/evil' }],
      [good, { path: '../outside' }],
      [good, { path: 'a/../../b' }],
      ['services: {web: {image: 5, nonsense: true}}', {}],
    ];
    for (const [content, more] of cases) {
      for (const action of ['up', 'status', 'down'] as const) {
        const { status, body } = await compose(action, content, more);
        // Whether a setting is known, only Compose itself says, which a status does not ask.
        if (action !== 'up' && content.includes('nonsense')) continue;
        expect([action, content, status, typeof body.detail]).toEqual([action, content, 400, 'string']);
      }
    }
    const untyped = await app.json('/api/compose/up', { body: {} });
    expect([untyped.status, untyped.body.detail[0].loc]).toEqual([422, ['body', 'content']]);
    expect((await ours()).length).toBe(before);
  });

  verifies(11, 'a stacks folder that is a link out of it is no stack', async () => {
    await mkdir(stacksDir(), { recursive: true });
    await symlink('/tmp', path.join(stacksDir(), 'leads-out'));
    const { status, body } = await compose('up', 'services: {web: {image: busybox}}', { path: 'leads-out/x' });
    expect([status, typeof body.detail]).toEqual([400, 'string']);
    expect(existsSync('/tmp/x/compose.yaml')).toBe(false);
  });

  verifies(11, 'what Compose cannot do is 500 with its words, without secrets', async () => {
    const place = `${app.docker.prefix}-fails`;
    await mkdir(path.join(stacksDir(), place), { recursive: true });
    await writeFile(path.join(stacksDir(), place, '.env'), 'TAG=very-secret-tag\n');
    const more = { path: place };
    const { content } = stack('services:\n  web:\n    image: 127.0.0.1:1/nothing:${TAG}\n', more);
    const { status, body } = await compose('up', content, more);
    expect([status, body.detail]).toEqual([500, expect.stringContaining('127.0.0.1:1')]);
    expect(body.detail).not.toContain('very-secret-tag');
    expect(body.detail.length).toBeLessThan(5_000);
  });

  verifies(11, 'what the content names and is not there is 400, and what is in use 409, in a line', async () => {
    const project = `${app.docker.prefix}-error`;
    const { name } = await app.docker.engine.containers.create({ image: app.image, labels: app.docker.labels });
    const cases: [string, string, number][] = [
      ['networks: [n]', 'networks: { n: { external: true, name: no-such-network } }', 400],
      ['secrets: [s]', 'secrets: { s: { file: ./no-such-file } }', 400],
      ['secrets: [s]', 'secrets: { s: { environment: NOT_SET } }', 400],
      ['profiles: [unasked]', '', 400],
      ['pull_policy: never\n    image: sbt-no-such:1', '', 400],
      [`container_name: ${name}`, '', 409],
    ];
    for (const [setting, more, expected] of cases) {
      const image = setting.includes('image:') ? '' : '    image: IMAGE\n';
      const { content } = stack(`services:\n  web:\n${image}    ${setting}\n${more}\n`, { path: project });
      const { status, body } = await compose('up', content, { path: project });
      expect([setting, status, body.detail]).toEqual([setting, expected, expect.not.stringMatching(/\n/)]);
    }
  });

  verifies(12, 'stops what up started, by the same content or path', async () => {
    const { content } = web();
    const { body: up } = await compose('up', content);
    const { status, body } = await compose('down', content);
    expect([status, body]).toEqual([200, { status: 'success', message: 'Compose堆栈已成功停止', project: up.project }]);
    const labels = [`com.docker.compose.project=${up.project}`];
    expect(await app.docker.engine.containers.list({ labels })).toEqual([]);
    expect((await compose('down', content)).status).toBe(200);
    const named = stack(`name: ${app.docker.prefix}-named\nservices:\n  web:\n    ${apart}`);
    const { body: first } = await compose('up', named.content);
    expect(first.project).toBe(`${app.docker.prefix}-named`);
  });

  verifies(13, 'tells each service by its labels, and what was never made', async () => {
    const { content } = stack(`services:\n  web:\n    ${apart}  we:\n    image: IMAGE\n    profiles: [later]\n`);
    const before = await compose('status', content);
    const absent = { id: null, status: 'not_created', running: false };
    expect([before.status, before.body]).toEqual([200, { services: { web: absent, we: absent }, is_running: false }]);
    await compose('up', content);
    const { body } = await compose('status', content);
    expect(body).toEqual({
      services: { web: { id: expect.stringMatching(/^[0-9a-f]{64}$/), status: 'running', running: true }, we: absent },
      is_running: true,
    });
    await app.docker.engine.containers.kill(body.services.web.id);
    expect((await compose('status', content)).body.services.web).toMatchObject({ status: 'exited', running: false });
  });

  verifies(
    13,
    'is running beside a job that ended well, a profile that nobody asked for and none of a service',
    async () => {
      const more = { path: `${app.docker.prefix}-jobs` };
      const { content } = stack(
        `services:\n  web:\n    ${apart}  init:\n    image: IMAGE\n    command: "true"\n  debug:\n    image: IMAGE\n    profiles: [debug]\n  off:\n    image: IMAGE\n    deploy: {replicas: 0}\n`,
        more,
      );
      await compose('up', content, more);
      async function statusNow() {
        return (await compose('status', content, more)).body;
      }
      await expect.poll(async () => (await statusNow()).services.init.status).toBe('exited');
      expect((await statusNow()).is_running).toBe(true);
      await app.docker.engine.containers.kill((await statusNow()).services.web.id);
      await expect.poll(async () => (await statusNow()).is_running).toBe(false);
    },
  );

  verifies(
    11,
    'a stack is its path: another path never touches it, whatever project both paths would give',
    async () => {
      const p = app.docker.prefix;
      function of(service: string) {
        return `services:\n  ${service}:\n    ${apart}`;
      }
      const pairs = [
        [`${p}/web`, `${p}-web`],
        [`${p}.site`, `${p} site`],
        [`应用-${p}`, `服务-${p}`],
      ] as const;
      for (const [one, other] of pairs) {
        const [a, b] = [stack(of('a'), { path: one }), stack(of('b'), { path: other })];
        const ups = [await compose('up', a.content, a.more), await compose('up', b.content, b.more)];
        expect(ups.map(({ status }) => status)).toEqual([200, 200]);
        expect(ups[0]?.body.project).not.toBe(ups[1]?.body.project);
        for (const [{ content, more }, service] of [
          [a, 'a'],
          [b, 'b'],
        ] as const) {
          const { body } = await compose('status', content, more);
          expect([body.is_running, Object.keys(body.services)]).toEqual([true, [service]]);
        }
        // Two projects go on as two, whatever their paths were.
        if (one !== pairs[0][0]) continue;
        expect((await compose('down', b.content, b.more)).status).toBe(200);
        expect((await compose('status', a.content, a.more)).body.is_running).toBe(true);
        const again = await compose('up', a.content.replace('a:', 'c:'), a.more);
        expect([again.status, again.body.project]).toEqual([200, ups[0]?.body.project]);
        expect((await compose('down', a.content, a.more)).status).toBe(200);
        used.splice(0);
      }
      const [first, second] = [stack(of('a'), { path: `${p}-d/one.yml` }), stack(of('b'), { path: `${p}-d/two.yml` })];
      expect((await compose('up', first.content, first.more)).status).toBe(200);
      const refused = await compose('up', second.content, second.more);
      expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('one.yml')]);
      expect((await compose('down', second.content, second.more)).status).toBe(200);
      expect((await compose('status', second.content, second.more)).body.services.b.id).toBeNull();
      expect((await compose('status', first.content, first.more)).body.is_running).toBe(true);
    },
  );

  verifies(11, 'a path without Latin letters stays one project when its content changes', async () => {
    const more = { path: `团队/网站${Date.now()}` };
    const { content } = stack(`services:\n  web:\n    ${apart}`, more);
    const first = await compose('up', content, more);
    const changed = `${content}    environment: { A: "1" }\n`;
    const second = await compose('up', changed, more);
    expect([second.status, second.body.project]).toEqual([200, first.body.project]);
    expect((await compose('status', content, more)).body.is_running).toBe(true);
    await compose('down', content, more);
    expect((await compose('status', changed, more)).body.is_running).toBe(false);
  });

  verifies(11, 'a name that another stack has is refused, and so is another name for a stack', async () => {
    const p = app.docker.prefix;
    function of(name: string) {
      return `name: ${p}-${name}\nservices:\n  web:\n    ${apart}`;
    }
    const { content, more } = stack(of('same'), { path: `${p}/first` });
    expect((await compose('up', content, more)).body.project).toBe(`${p}-same`);
    const taken = await compose('up', content, { path: `${p}/second` });
    expect([taken.status, taken.body.detail]).toEqual([409, expect.stringContaining(`${p}/first`)]);
    const renamed = await compose('up', content.replace(`${p}-same`, `${p}-other`), more);
    expect([renamed.status, renamed.body.detail]).toEqual([409, expect.stringContaining(`${p}-same`)]);
    expect((await compose('status', content, more)).body.is_running).toBe(true);
  });

  verifies(13, 'is running where every service is, with and without the slash', async () => {
    const { content } = web();
    await compose('up', content);
    for (const action of ['status', 'status/'] as const) {
      const { body } = await app.json(`/api/compose/${action}`, { body: { content } });
      expect(body.is_running).toBe(true);
    }
    expect((await app.json('/api/compose/status')).status).toBe(405);
  });

  test('a project that somebody started by hand is not taken over', async () => {
    const project = `${app.docker.prefix}-by-hand`;
    const made = await app.docker.engine.containers.create({
      image: app.image,
      labels: { ...app.docker.labels, 'com.docker.compose.project': project, 'com.docker.compose.service': 'web' },
    });
    const content = `name: ${project}\nservices:\n  other:\n    image: ${app.image}\n`;
    const { status, body } = await compose('up', content);
    expect([status, body.detail]).toEqual([409, expect.stringContaining('adopt')]);
    expect((await app.docker.engine.containers.get(made.id)).status).toBe('created');
  });
});
