import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PortsInput } from './create-forms.ts';
import { toCreateOptions, toEnvironment, toRestartPolicy, type CreateContainer } from './create-spec.ts';

function create(change: Partial<CreateContainer>) {
  return toCreateOptions({ image: 'nginx', ...change });
}
function host(change: Partial<CreateContainer>) {
  return create(change).HostConfig ?? {};
}

describe('ports', () => {
  const any = { HostIp: '', HostPort: '' };
  it.each<[PortsInput, object]>([
    [{ '80/tcp': '8080' }, { '80/tcp': [{ HostIp: '', HostPort: '8080' }] }],
    [{ '80': 8080 }, { '80/tcp': [{ HostIp: '', HostPort: '8080' }] }],
    [{ '53/udp': '53' }, { '53/udp': [{ HostIp: '', HostPort: '53' }] }],
    [{ '80/tcp': '127.0.0.1:8080' }, { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '8080' }] }],
    [{ '80/tcp': '[::1]:8080' }, { '80/tcp': [{ HostIp: '::1', HostPort: '8080' }] }],
    [{ '80/tcp': '127.0.0.1:' }, { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] }],
    [{ '80/tcp': null }, { '80/tcp': [any] }],
    [{ '80/tcp': '' }, { '80/tcp': [any] }],
    [{ '80/tcp': 0 }, { '80/tcp': [any] }],
    [
      { '80/tcp': ['8080', 8081, null] },
      { '80/tcp': [{ HostIp: '', HostPort: '8080' }, { HostIp: '', HostPort: '8081' }, any] },
    ],
    [
      { '80': '1', '80/tcp': '2' },
      {
        '80/tcp': [
          { HostIp: '', HostPort: '1' },
          { HostIp: '', HostPort: '2' },
        ],
      },
    ],
    [{}, {}],
  ])('%j', (ports, bindings) => {
    expect(host({ ports }).PortBindings).toEqual(bindings);
    expect(Object.keys(create({ ports }).ExposedPorts ?? {})).toEqual(Object.keys(bindings));
  });

  it.each<[PortsInput]>([
    [{ http: '80' }],
    [{ '0': '80' }],
    [{ '70000/tcp': '80' }],
    [{ '80/icmp': '80' }],
    [{ '80': '99999' }],
    [{ '80': -1 }],
    [{ '80': 1.5 }],
    [{ '80': 'all' }],
    [{ '80': 'example.com:80' }],
  ])('refuses %j by its name', (ports) => {
    expect(() => create({ ports })).toThrow(
      expect.objectContaining({ code: 'invalid', field: expect.stringMatching(/^ports\./) }),
    );
  });

  it('keeps every port and address that is well formed', () => {
    const port = fc.integer({ min: 1, max: 65_535 });
    fc.assert(
      fc.property(
        port,
        port,
        fc.option(fc.ipV4()),
        fc.constantFrom('tcp', 'udp', 'sctp'),
        (inner, outer, ip, protocol) => {
          const target = ip === null ? String(outer) : `${ip}:${outer}`;
          expect(host({ ports: { [`${inner}/${protocol}`]: target } }).PortBindings).toEqual({
            [`${inner}/${protocol}`]: [{ HostIp: ip ?? '', HostPort: String(outer) }],
          });
        },
      ),
    );
  });
});

describe('volumes', () => {
  it('takes host paths as binds and names as volumes that carry the labels', () => {
    const { Binds, Mounts } = host({
      volumes: { '/srv/a': '/data', '/srv/b': ['/x:ro', '/y'], cache: '/cache:ro' },
      labels: { owner: 'u1' },
    });
    expect(Binds).toEqual(['/srv/a:/data:rw', '/srv/b:/x:ro', '/srv/b:/y:rw']);
    expect(Mounts).toMatchObject([
      { Type: 'volume', Source: 'cache', Target: '/cache', ReadOnly: true, VolumeOptions: { Labels: { owner: 'u1' } } },
    ]);
  });

  it.each([
    ['./a', '/b'],
    ['a/b', '/c'],
    ['/a:b', '/c'],
    ['/a', 'b'],
    ['/a', '/'],
    ['/a', '/b:rx'],
    ['/a', '/b:ro:z'],
    ['', '/b'],
  ])('refuses %j: %j', (source, target) => {
    expect(() => create({ volumes: { [source]: target } })).toThrow(expect.objectContaining({ code: 'invalid' }));
  });
});

describe('environment', () => {
  it('takes a map or a list', () => {
    expect(toEnvironment({ A: 'x=y', B: 1, C: true, D: null, E: '' })).toEqual(['A=x=y', 'B=1', 'C=true', 'D', 'E=']);
    expect(toEnvironment(['A=1', 'B'])).toEqual(['A=1', 'B']);
  });

  it.each([[{ '': 'x' }], [{ 'A=B': 'x' }], [{ 'A B': 'x' }], [['=x']]])('refuses %j', (environment) => {
    expect(() => toEnvironment(environment)).toThrow(expect.objectContaining({ field: 'environment' }));
  });
});

describe('the rest', () => {
  it('takes a command as text or as words and leaves an empty one to the image', () => {
    expect(create({ command: `sh -c 'a b'` }).Cmd).toEqual(['sh', '-c', 'a b']);
    expect(create({ command: ['sh', '-c', 'a b'] }).Cmd).toEqual(['sh', '-c', 'a b']);
    expect(create({ command: '' })).not.toHaveProperty('Cmd');
  });

  it('gives no swap beside the memory', () => {
    expect(host({ limits: { cpus: 0.5, memoryBytes: 64 * 2 ** 20, pids: 20 } })).toMatchObject({
      NanoCpus: 500_000_000,
      Memory: 67_108_864,
      MemorySwap: 67_108_864,
      PidsLimit: 20,
    });
  });

  it.each(['no', 'always', 'unless-stopped', 'on-failure'])('knows the restart policy %s', (name) => {
    expect(toRestartPolicy(name)).toEqual({ Name: name });
  });

  it('counts retries of on-failure only', () => {
    expect(toRestartPolicy('on-failure:3')).toEqual({ Name: 'on-failure', MaximumRetryCount: 3 });
    expect(() => toRestartPolicy('always:3')).toThrow('none of');
    expect(() => toRestartPolicy('sometimes')).toThrow('none of');
  });

  it.each<[Partial<CreateContainer>, string]>([
    [{ image: ' ' }, 'image'],
    [{ image: 'a b' }, 'image'],
    [{ name: 'a/b' }, 'name'],
    [{ name: '-a' }, 'name'],
    [{ workingDir: 'x' }, 'workingDir'],
    [{ limits: { cpus: 0 } }, 'limits.cpus'],
    [{ limits: { memoryBytes: 1024 } }, 'limits.memoryBytes'],
    [{ limits: { pids: 0 } }, 'limits.pids'],
    [{ tmpfs: { tmp: '' } }, 'tmpfs'],
    [{ devices: ['fuse'] }, 'devices'],
    [{ networkAliases: ['a'] }, 'networkAliases'],
    [{ command: `'` }, 'command'],
    [{ command: ['a\0b'] }, 'container'],
  ])('refuses %j by its name', (change, field) => {
    expect(() => create(change)).toThrow(expect.objectContaining({ code: 'invalid', field }));
  });
});
