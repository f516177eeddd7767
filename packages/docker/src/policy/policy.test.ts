import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCompose, type ComposeModel } from './policy-compose.ts';
import { checkContainer } from './policy-container.ts';
import { foreignNames, isInside, type PolicyRules, type Power } from './policy.ts';

function rules(change: Partial<PolicyRules> = {}): PolicyRules {
  return {
    folder: '/stacks/web',
    allowedRoots: ['/srv/shared'],
    granted: new Set(),
    foreign: { volumes: foreignNames(['theirs']), networks: foreignNames(['their-net']) },
    realPath: (path) => (path === '/stacks/web/link' ? '/etc' : path),
    engineSockets: ['/run/other.sock'],
    ...change,
  };
}
function service(setting: object): ComposeModel {
  return { name: 'x', services: { web: { image: 'a', ...setting } } };
}
function bind(source: string) {
  return service({ volumes: [{ type: 'bind', source, target: '/x' }] });
}

/** Everything that is refused: the model, the rule, the place. */
const forbidden: [string, ComposeModel, string, string][] = [
  ['privileged', service({ privileged: true }), 'privileged', 'services.web.privileged'],
  ['capabilities', service({ cap_add: ['SYS_ADMIN'] }), 'capabilities', 'services.web.cap_add'],
  ['the host network', service({ network_mode: 'host' }), 'host-network', 'services.web.network_mode'],
  ['the host’s processes', service({ pid: 'host' }), 'host-pid', 'services.web.pid'],
  ['the host’s shared memory', service({ ipc: 'host' }), 'host-ipc', 'services.web.ipc'],
  ['the host’s names', service({ uts: 'host' }), 'host-namespaces', 'services.web.uts'],
  ['the host’s users', service({ userns_mode: 'host' }), 'host-namespaces', 'services.web.userns_mode'],
  ['the host’s groups', service({ cgroup: 'host' }), 'host-namespaces', 'services.web.cgroup'],
  ['a group of the host', service({ cgroup_parent: '/system.slice' }), 'host-namespaces', 'services.web.cgroup_parent'],
  ['another container’s network', service({ network_mode: 'container:abc' }), 'external', 'services.web.network_mode'],
  ['another container’s processes', service({ pid: 'container:abc' }), 'external', 'services.web.pid'],
  [
    'another container’s mounts',
    service({ volumes_from: ['web2', 'container:abc:ro'] }),
    'external',
    'services.web.volumes_from[1]',
  ],
  ['links to others', service({ external_links: ['db'] }), 'external', 'services.web.external_links'],
  ['devices', service({ devices: ['/dev/kvm'] }), 'devices', 'services.web.devices'],
  ['device rules', service({ device_cgroup_rules: ['c *:* rwm'] }), 'devices', 'services.web.device_cgroup_rules'],
  [
    'graphics processors',
    service({ deploy: { resources: { reservations: { devices: [{ capabilities: ['gpu'] }] } } } }),
    'devices',
    'services.web.deploy.resources.reservations.devices',
  ],
  ['the engine’s socket', bind('/var/run/docker.sock'), 'engine-socket', 'services.web.volumes[0]'],
  ['another engine’s socket', bind('/run/other.sock'), 'engine-socket', 'services.web.volumes[0]'],
  ['a folder that holds the socket', bind('/var/run'), 'engine-socket', 'services.web.volumes[0]'],
  ['the whole host', bind('/'), 'host-paths', 'services.web.volumes[0]'],
  ['a host path', bind('/etc'), 'host-paths', 'services.web.volumes[0]'],
  ['a path beside an allowed one', bind('/srv/shared-not'), 'host-paths', 'services.web.volumes[0]'],
  ['a path that climbs out', bind('/srv/shared/../secret'), 'host-paths', 'services.web.volumes[0]'],
  ['a link out of the folder', bind('/stacks/web/link'), 'host-paths', 'services.web.volumes[0]'],
  [
    'the socket through the newer setting',
    service({ use_api_socket: true }),
    'engine-socket',
    'services.web.use_api_socket',
  ],
  [
    'no confinement',
    service({ security_opt: ['seccomp:unconfined'] }),
    'security-options',
    'services.web.security_opt[0]',
  ],
  [
    'a profile file',
    service({ security_opt: ['no-new-privileges:true', 'seccomp=/etc/x.json'] }),
    'security-options',
    'services.web.security_opt[1]',
  ],
  ['kernel parameters', service({ sysctls: { 'kernel.msgmax': 1 } }), 'sysctls', 'services.web.sysctls'],
  ['another runtime', service({ runtime: 'nvidia' }), 'runtime', 'services.web.runtime'],
  ['the memory of the host', service({ oom_kill_disable: true }), 'host-resources', 'services.web.oom_kill_disable'],
  ['a log driver', service({ logging: { driver: 'syslog' } }), 'logging', 'services.web.logging.driver'],
  ['a build from outside', service({ build: { context: '/etc' } }), 'outside-folder', 'services.web.build.context'],
  [
    'a build from a link outside',
    service({ build: { context: '/stacks/web/link' } }),
    'outside-folder',
    'services.web.build.context',
  ],
  [
    'a build from elsewhere',
    service({ build: { context: 'https://example.com/x.git' } }),
    'remote-sources',
    'services.web.build.context',
  ],
  [
    'a Dockerfile outside',
    service({ build: { context: '/stacks/web', dockerfile: '../../etc/passwd' } }),
    'outside-folder',
    'services.web.build.dockerfile',
  ],
  [
    'more contexts outside',
    service({ build: { context: '/stacks/web', additional_contexts: { a: '/root' } } }),
    'outside-folder',
    'services.web.build.additional_contexts.a',
  ],
  [
    'a privileged build',
    service({ build: { context: '/stacks/web', privileged: true } }),
    'privileged',
    'services.web.build.privileged',
  ],
  [
    'keys in a build',
    service({ build: { context: '/stacks/web', ssh: ['default'] } }),
    'outside-folder',
    'services.web.build.ssh',
  ],
  [
    'a build on the host network',
    service({ build: { context: '/stacks/web', network: 'host' } }),
    'host-network',
    'services.web.build.network',
  ],
  [
    'a cache outside',
    service({ build: { context: '/stacks/web', cache_to: ['type=local,dest=/root/x'] } }),
    'outside-folder',
    'services.web.build.cache_to[0]',
  ],
  [
    'an environment file outside',
    service({ env_file: [{ path: '../other/.env' }] }),
    'outside-folder',
    'services.web.env_file[0]',
  ],
  [
    'privileged hooks',
    service({ post_start: [{ command: 'x', privileged: true }] }),
    'privileged',
    'services.web.post_start[0].privileged',
  ],
  ['a program of the host', service({ provider: { type: 'model' } }), 'unknown-setting', 'services.web.provider'],
  [
    'labels of the hub',
    service({ labels: { 'switchboard.owner': 'admin' } }),
    'reserved-labels',
    'services.web.labels',
  ],
  [
    'labels of Compose',
    service({ labels: ['com.docker.compose.project=x'] }),
    'reserved-labels',
    'services.web.labels',
  ],
  ['a volume of others', { volumes: { data: { name: 'theirs' } } }, 'external', 'volumes.data'],
  ['an external volume of others', { volumes: { theirs: { external: true } } }, 'external', 'volumes.theirs'],
  [
    'a volume that is a host path',
    { volumes: { d: { driver_opts: { type: 'none', o: 'bind', device: '/etc' } } } },
    'host-paths',
    'volumes.d.driver_opts.device',
  ],
  ...[
    ['a folder called a file system in memory', { type: 'tmpfs', o: 'size=1m,bind', device: '/etc' }],
    ['a folder of its own as a volume', { type: 'none', o: 'bind', device: '/stacks/web/data' }],
    ['a relative folder as a volume', { type: 'none', o: 'rbind,rw', device: 'etc' }],
  ].map(([title, driver_opts]): [string, ComposeModel, string, string] => [
    String(title),
    { volumes: { d: { driver_opts } } },
    'host-paths',
    'volumes.d.driver_opts.device',
  ]),
  [
    'a subnet of the host',
    { networks: { n: { ipam: { config: [{ subnet: '10.0.0.0/8' }] } } } },
    'host-network',
    'networks.n.ipam.config',
  ],
  [
    'a bridge of the host',
    { networks: { n: { driver_opts: { 'com.docker.network.bridge.name': 'br0' } } } },
    'host-network',
    'networks.n.driver_opts.com.docker.network.bridge.name',
  ],
  [
    'a volume that is a share',
    { volumes: { d: { driver_opts: { type: 'nfs', o: 'addr=10.0.0.1', device: ':/x' } } } },
    'external',
    'volumes.d.driver_opts',
  ],
  [
    'a volume that is a device',
    { volumes: { d: { driver_opts: { type: 'ext4', device: '/dev/sda1' } } } },
    'host-paths',
    'volumes.d.driver_opts.device',
  ],
  ['a volume driver', { volumes: { d: { driver: 'rexray' } } }, 'external', 'volumes.d.driver'],
  ['a network of others', { networks: { n: { name: 'their-net', external: true } } }, 'external', 'networks.n'],
  ['a network that is the host’s', { networks: { n: { name: 'host', external: true } } }, 'host-network', 'networks.n'],
  ['a network on the host’s wire', { networks: { n: { driver: 'macvlan' } } }, 'host-network', 'networks.n.driver'],
  ['a secret outside', { secrets: { s: { file: '/etc/shadow' } } }, 'outside-folder', 'secrets.s.file'],
  ['a configuration outside', { configs: { c: { file: '/stacks/web/link' } } }, 'outside-folder', 'configs.c.file'],
  ['an external secret', { secrets: { s: { external: true } } }, 'external', 'secrets.s'],
  ['something nobody knows', { models: {} }, 'unknown-setting', 'models'],
];

describe('a stack', () => {
  it.each(forbidden)('is refused %s', (_title, model, rule, where) => {
    const found = checkCompose(model, rules());
    expect(found).toContainEqual({ rule, where, message: expect.stringMatching(/\.$/) });
  });

  it.each(forbidden)('may have %s where it is granted, unless nobody may', (_title, model) => {
    const found = checkCompose(model, rules());
    const granted = new Set(found.map(({ rule }) => rule as Power));
    const left = checkCompose(model, rules({ granted }));
    expect(left.filter(({ rule }) => !['outside-folder', 'reserved-labels', 'unknown-setting'].includes(rule))).toEqual(
      [],
    );
  });

  it('is allowed what stays in it', () => {
    const model: ComposeModel = {
      name: 'x',
      services: {
        web: {
          image: 'a',
          command: ['x'],
          build: { context: '/stacks/web/app', dockerfile: 'Dockerfile', additional_contexts: { base: 'service:db' } },
          volumes: [
            { type: 'bind', source: '/stacks/web/data', target: '/data' },
            { type: 'bind', source: '/srv/shared/x', target: '/x' },
            { type: 'volume', source: 'own', target: '/own' },
            { type: 'tmpfs', target: '/tmp' },
          ],
          ports: [{ target: 80, published: '8080' }],
          security_opt: ['no-new-privileges:true'],
          cap_drop: ['ALL'],
          network_mode: 'service:db',
          labels: { team: 'a' },
          deploy: { replicas: 2 },
          privileged: false,
          cap_add: [],
          'x-note': 1,
        },
      },
      volumes: { own: { name: 'x_own' }, memory: { driver_opts: { type: 'tmpfs', device: 'tmpfs' } } },
      networks: { default: { name: 'x_default' }, far: { driver: 'overlay' } },
      secrets: { s: { file: '/stacks/web/s.txt' } },
      'x-more': {},
    };
    expect(checkCompose(model, rules())).toEqual([]);
  });

  it('is never allowed more by adding to it', () => {
    const some = fc.subarray(
      forbidden.filter(([, model]) => 'services' in model),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(some, (chosen) => {
        const services = Object.fromEntries(
          chosen.map(([, model], index) => [`s${index}`, (model['services'] as { web: object }).web]),
        );
        const found = checkCompose({ services }, rules()).map(({ rule, where }) => `${rule} ${where}`);
        const expected = chosen.map(
          ([, , rule, where], index) => `${rule} ${where.replace('services.web', `services.s${index}`)}`,
        );
        expect(found).toEqual(expect.arrayContaining(expected));
      }),
    );
  });
});

describe('a container', () => {
  it.each([
    [{ privileged: true }, 'privileged', 'privileged'],
    [{ capAdd: ['NET_ADMIN'] }, 'capabilities', 'capAdd'],
    [{ devices: ['/dev/kvm'] }, 'devices', 'devices'],
    [{ network: 'host' }, 'host-network', 'network'],
    [{ network: 'container:abc' }, 'external', 'network'],
    [{ network: 'their-net' }, 'external', 'network'],
    [{ pidMode: 'host' }, 'host-pid', 'pidMode'],
    [{ ipcMode: 'host' }, 'host-ipc', 'ipcMode'],
    [{ securityOpt: ['apparmor=unconfined'] }, 'security-options', 'securityOpt[0]'],
    [{ volumes: { '/etc': '/x' } }, 'host-paths', 'volumes./etc'],
    [{ volumes: { '/var/run/docker.sock': '/x' } }, 'engine-socket', 'volumes./var/run/docker.sock'],
    [{ volumes: { theirs: '/x' } }, 'external', 'volumes.theirs'],
    [{ labels: { 'switchboard.hub': 'x' } }, 'reserved-labels', 'labels'],
  ])('is refused %j', (change, rule, where) => {
    expect(checkContainer({ image: 'a', ...change }, rules({ folder: null }))).toContainEqual(
      expect.objectContaining({ rule, where }),
    );
  });

  it('is allowed what concerns nobody else', () => {
    const input = {
      image: 'a',
      network: 'none',
      volumes: { own: '/x', '/srv/shared/a': '/y:ro' },
      ports: { '80': null },
    };
    expect(checkContainer(input, rules({ folder: null }))).toEqual([]);
  });
});

it('knows what lies in a folder', () => {
  const part = fc.stringMatching(/^[a-z]{1,4}$/);
  fc.assert(
    fc.property(fc.array(part, { minLength: 1 }), fc.array(part), part, (folder, below, other) => {
      const root = `/${folder.join('/')}`;
      expect(isInside([root, ...below].join('/'), root)).toBe(true);
      expect(isInside(`${root}${other}`, root)).toBe(false);
      expect(isInside(root, '/')).toBe(true);
    }),
  );
});
