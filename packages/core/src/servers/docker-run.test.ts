import { describe, expect, it } from 'vitest';
import { readDockerRun } from './docker-run.ts';
import type { CreateServer } from './schema.ts';

function run(args: string[], more: Partial<CreateServer> = {}): CreateServer | null {
  return readDockerRun({ id: 'x', kind: 'stdio', command: 'docker', args: ['run', ...args], ...more });
}

describe('a client’s docker run', () => {
  it('becomes a container server', () => {
    const read = run(['-i', '--rm', '-e', 'GITHUB_TOKEN', '-e', 'MODE=a=b', 'ghcr.io/github/mcp:1', 'stdio', '-v'], {
      env: { GITHUB_TOKEN: 'secret', OTHER: 'for docker itself' },
      description: 'kept',
    });
    expect(read).toMatchObject({
      id: 'x',
      description: 'kept',
      kind: 'container',
      command: null,
      args: ['stdio', '-v'],
      env: { GITHUB_TOKEN: 'secret', MODE: 'a=b' },
      container: { image: 'ghcr.io/github/mcp:1', network: { kind: 'open' }, transport: { kind: 'stdio' }, user: null },
    });
  });

  it('keeps what its options say', () => {
    const words =
      '--rm -it --name any --init -v /srv/docs:/docs:ro --mount type=volume,src=data,dst=/data -w /docs -u 1000 ' +
      '--network=none --entrypoint node -m 256m --cpus=0.5 --pids-limit 64 --pull always --read-only -e A image server.js';
    const read = run(words.split(' '));
    expect(read).toMatchObject({
      args: ['server.js'],
      cwd: '/docs',
      env: { A: '${A}' },
      container: {
        image: 'image',
        volumes: { '/srv/docs': '/docs:ro', data: '/data' },
        network: { kind: 'none' },
        entrypoint: ['node'],
        user: '1000',
        limits: { memoryBytes: 256 * 2 ** 20, cpus: 0.5, pids: 64 },
        pull: 'always',
        readOnly: true,
      },
    });
  });

  it.each([
    [['-i', '--rm', '--privileged', 'x']],
    [['-i', '--device', '/dev/fuse', 'x']],
    [['-i', '-p', '80:80', 'x']],
    [['-i', '--env-file', 'x', 'x']],
    [['-i', '-v', 'nowhere', 'x']],
    [['-i', '-m', 'much', 'x']],
    [['-i', '--rm']],
    [['-i', '-e']],
  ])('stays a process where the hub cannot do the same: %j', (args) => {
    expect(run(args)).toBeNull();
  });

  it('is nothing else', () => {
    expect(readDockerRun({ id: 'x', kind: 'stdio', command: 'npx', args: ['run', 'x'] })).toBeNull();
    expect(run(['x'], { kind: 'sse' })).toBeNull();
    expect(readDockerRun({ id: 'x', kind: 'stdio', command: 'docker', args: ['exec', 'x'] })).toBeNull();
    expect(
      readDockerRun({ id: 'x', kind: 'stdio', command: '/usr/bin/docker', args: ['container', 'run', 'x'] }),
    ).not.toBeNull();
  });
});
