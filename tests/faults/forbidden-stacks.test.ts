import { symlink, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { suiteTitle } from '@switchboard/docker/testing';
import { createEngineApp, type EngineApp, engineFound, noEngine } from '../support/engine.ts';
import { isLong } from '../support/long.ts';
import { addPerson, type Caller } from '../support/people.ts';

/** Compose files with everything that reaches out of their containers: each is refused by name, and nothing starts. */

let app: EngineApp;
let keeper: Caller;

/** The last lines of a service, and the rule that refuses them. */
const inService: readonly (readonly [string, string])[] = [
  ['privileged: true', 'privileged'],
  ['cap_add: [SYS_ADMIN]', 'capabilities'],
  ['network_mode: host', 'host-network'],
  ['pid: host', 'host-pid'],
  ['ipc: host', 'host-ipc'],
  ['uts: host', 'host-namespaces'],
  ['userns_mode: host', 'host-namespaces'],
  ['cgroup: host', 'host-namespaces'],
  ['cgroup_parent: /system.slice', 'host-namespaces'],
  ['devices: ["/dev/null:/dev/null"]', 'devices'],
  ['device_cgroup_rules: ["a *:* rwm"]', 'devices'],
  ['security_opt: ["seccomp:unconfined"]', 'security-options'],
  ['sysctls: { net.ipv4.ip_forward: 1 }', 'sysctls'],
  ['runtime: runc', 'runtime'],
  ['oom_kill_disable: true', 'host-resources'],
  ['oom_score_adj: -1000', 'host-resources'],
  ['logging: { driver: syslog }', 'logging'],
  ['external_links: ["other:other"]', 'external'],
  ['volumes_from: ["container:other"]', 'external'],
  ['network_mode: "container:other"', 'external'],
  ['volumes: ["/:/host"]', 'host-paths'],
  ['volumes: ["/etc/passwd:/p:ro"]', 'host-paths'],
  ['volumes: ["../..:/up"]', 'host-paths'],
  ['volumes: ["/var/run/docker.sock:/s"]', 'engine-socket'],
  ['volumes: ["/run:/run"]', 'engine-socket'],
  ['volumes: [{ type: bind, source: "/var/lib/docker", target: /d }]', 'host-paths'],
  ['labels: { switchboard.owner: somebody }', 'reserved-labels'],
  ['build: "https://example.com/repo.git"', 'remote-sources'],
  ['build: { context: ., ssh: [default] }', 'outside-folder'],
  ['build: { context: /etc }', 'outside-folder'],
  ['build: { context: ., dockerfile: ../../Dockerfile }', 'outside-folder'],
  ['env_file: /etc/passwd', 'outside-folder'],
  ['env_file: ../outside.env', 'outside-folder'],
  ['extends: { file: /etc/passwd, service: web }', 'outside-folder'],
  ['post_start: [{ command: "true", user: root, privileged: true }]', 'privileged'],
];

/** Whole files, with IMAGE and NAME put in. */
const wholes: readonly (readonly [string, string])[] = [
  ['include: [/etc/passwd]\nservices: { web: { image: IMAGE } }', 'outside-folder'],
  ['services: { web: { image: IMAGE, secrets: [s] } }\nsecrets: { s: { file: /etc/shadow } }', 'outside-folder'],
  ['services: { web: { image: IMAGE, configs: [c] } }\nconfigs: { c: { file: ../../up } }', 'outside-folder'],
  [
    'services: { web: { image: IMAGE, volumes: ["vol:/v"] } }\nvolumes: { vol: { external: true, name: NAME-foreign } }',
    'external',
  ],
  ['services: { web: { image: IMAGE, volumes: ["vol:/v"] } }\nvolumes: { vol: { name: NAME-foreign } }', 'external'],
  [
    'services: { web: { image: IMAGE, volumes: ["vol:/v"] } }\nvolumes: { vol: { driver_opts: { type: none, o: bind, device: /etc } } }',
    'host-paths',
  ],
  [
    'services: { web: { image: IMAGE, volumes: ["vol:/v"] } }\nvolumes: { vol: { driver_opts: { type: nfs, o: "addr=10.0.0.1", device: ":/x" } } }',
    'external',
  ],
  [
    'services: { web: { image: IMAGE, networks: [n] } }\nnetworks: { n: { external: true, name: NAME-foreign } }',
    'external',
  ],
  ['services: { web: { image: IMAGE, networks: [n] } }\nnetworks: { n: { driver: macvlan } }', 'host-network'],
  // Whoever writes the outer one could put a link in the place of the inner one.
  [
    'services: { one: { image: IMAGE, volumes: [".:/all"] }, two: { image: IMAGE, volumes: ["./data:/d"] } }',
    'host-paths',
  ],
  // Hidden behind an anchor, an override, a variable, a profile.
  ['x-bad: &bad { privileged: true }\nservices: { web: { image: IMAGE, <<: *bad } }', 'privileged'],
  ['services: { web: { image: IMAGE, pid: "${MODE:-host}" } }', 'host-pid'],
  ['services: { web: { image: IMAGE }, later: { image: IMAGE, profiles: [x], privileged: true } }', 'privileged'],
];

describe.skipIf(noEngine)(suiteTitle('forbidden stacks', engineFound), () => {
  beforeAll(async () => {
    app = await createEngineApp();
    keeper = await addPerson(app, 'keeper');
    await app.client().users.update.mutate({ id: 'keeper', patch: { grants: ['container.manage'] } });
    const name = `${app.docker.prefix}-foreign`;
    await app.client().volumes.create.mutate({ name });
    await app.client().networks.create.mutate({ name, internal: true });
  });
  afterAll(() => app.stop());

  /** A file for each line, or one for all that are looked at together: those that let Compose read other files are not. */
  function aloneOf([line, rule]: readonly [string, string]) {
    const image = line.startsWith('build') ? '' : `    image: ${app.image}\n`;
    return [`services:\n  web:\n${image}    ${line}\n`, rule] as const;
  }
  const reads = /^(?:build|env_file|extends):/;
  const together = inService.filter(([line]) => !reads.test(line));

  function contents(): (readonly [string, string])[] {
    return [
      ...inService.filter((entry) => isLong || !together.includes(entry)).map(aloneOf),
      ...wholes.map(
        ([text, rule]) => [text.replaceAll('IMAGE', app.image).replaceAll('NAME', app.docker.prefix), rule] as const,
      ),
    ];
  }

  test('all lines of services at once are each refused with their rule and place', async () => {
    const services = together.map(([line], at) => `  line-${at}:\n    image: ${app.image}\n    ${line}\n`);
    const content = `services:\n${services.join('')}`;
    const check = await keeper.client().stacks.check.mutate({ content, env: null });
    const missed = together.filter(([, rule], at) => {
      const place = `services.line-${at}`;
      return !check.refused.some(
        (found) => found.rule === rule && (found.where === place || found.where.startsWith(`${place}.`)),
      );
    });
    expect(missed).toEqual([]);
    const { status, body } = await keeper.json('/api/compose/up', { body: { content } });
    expect(status).toBe(403);
    const unsaid = check.refused.filter(
      ({ rule, where, message }) => !String(body.detail).includes(`${where} ${message} (${rule})`),
    );
    expect(unsaid).toEqual([]);
    expect((await keeper.client().stacks.list.query()).items).toEqual([]);
  });

  test('each thing is refused with its rule and place, over REST and in the page’s check', async () => {
    // Others may be at work on the same engine.
    async function ours() {
      return (await app.docker.engine.containers.list()).filter(({ image }) => image === app.image).map(({ id }) => id);
    }
    expect(await ours()).toEqual([]);
    const wrong: string[] = [];
    const checked = new Set<string>();
    for (const [content, rule] of contents()) {
      const { status, body } = await keeper.json('/api/compose/up', { body: { content } });
      const told = JSON.stringify(body.detail);
      // What Compose must not even read is no stack at all: 400 with the place.
      const isRefused = status === 403 && told.includes(`(${rule})`);
      if (!isRefused) wrong.push(`${rule}: ${content} → ${status} ${told}`);
      // The page's check asks the same rules: once for each of them, and for every content in the long tests.
      if (checked.has(rule) && !isLong) continue;
      checked.add(rule);
      const check = await keeper.client().stacks.check.mutate({ content, env: null });
      if (check.valid || !check.refused.some((found) => found.rule === rule)) {
        wrong.push(`check of ${rule}: ${content} → ${JSON.stringify(check)}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(await ours()).toEqual([]);
    expect((await keeper.client().stacks.list.query()).items).toEqual([]);
  });

  function plain() {
    return `services:\n  web:\n    image: ${app.image}\n    stop_grace_period: 0s\n`;
  }

  test('links inside the folder lead nowhere else', async () => {
    const place = `${app.docker.prefix}-links`;
    const folder = path.join(app.dataDir, 'stacks', 'local', place);
    await keeper.client().stacks.create.mutate({ path: place, content: plain() });
    await symlink('/etc', path.join(folder, 'etc'));
    await symlink('/etc/passwd', path.join(folder, 'link.env'));
    const lines: [string, string][] = [
      ['volumes: ["./etc:/e"]', 'host-paths'],
      ['env_file: link.env', 'outside-folder'],
      ['build: ./etc', 'outside-folder'],
    ];
    for (const [line, rule] of lines) {
      const content = `services:\n  web:\n    image: ${app.image}\n    ${line}\n`;
      const { status, body } = await keeper.json('/api/compose/up', { body: { content, path: place } });
      expect([line, status, body.detail]).toEqual([line, 403, expect.stringContaining(`(${rule})`)]);
    }
  });

  test('a link in the place of the stack’s own files is not followed', async () => {
    const place = `${app.docker.prefix}-swapped`;
    const folder = path.join(app.dataDir, 'stacks', 'local', place);
    const secret = path.join(app.dataDir, 'not-theirs');
    const { id } = await keeper.client().stacks.create.mutate({ path: place, content: plain() });
    await unlink(path.join(folder, 'compose.yaml'));
    await writeFile(secret, 'STOLEN=value\n', { mode: 0o600 });
    await symlink(secret, path.join(folder, '.env'));
    await symlink(secret, path.join(folder, 'compose.yaml'));
    const content = `services:\n  web:\n    image: ${app.image}\n    stop_grace_period: 0s\n    environment: { GOT: "\${STOLEN:-nothing}" }\n`;
    const check = await keeper.client().stacks.check.mutate({ id, content, env: null });
    expect(check.valid).toBe(true);
    const { status, body } = await keeper.json('/api/compose/up', { body: { content, path: place } });
    expect(status, JSON.stringify(body)).toBe(200);
    const { items } = await keeper.client().containers.list.query({ project: body.project });
    const { environment } = await keeper.client().containers.get.query({ id: items[0]?.id ?? '' });
    expect(environment['GOT']).toBe('nothing');
    await keeper.json('/api/compose/down', { body: { content, path: place } });
  });
});
