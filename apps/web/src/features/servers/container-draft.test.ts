import { describe, expect, it } from 'vitest';
import { ContainerSettings } from '@switchboard/core/servers/schema';
import { emptyContainer, splitHosts, toContainerDraft, toSettings } from './container-draft.ts';

function kept(settings: object) {
  return {
    ...ContainerSettings.parse({ image: 'node:24', ...settings }),
    process: null,
    authority: { owner: null, unconfined: false },
  };
}

describe('a container in the form', () => {
  it('is closed in until somebody opens it', () => {
    const parsed = ContainerSettings.parse(toSettings({ ...emptyContainer(), image: ' node:24 ' }));
    expect(parsed).toEqual(ContainerSettings.parse({ image: 'node:24' }));
  });

  it.each([
    {},
    {
      transport: { kind: 'http', port: 8080, path: '/x', sse: true },
      network: { kind: 'open' },
      swarm: { replicas: 3 },
    },
    { network: { kind: 'allow', hosts: ['a.example.com', '*.example.org:8443'] }, entrypoint: ['node', 'a b.js'] },
    {
      network: { kind: 'named', name: 'backend' },
      volumes: { data: '/data', '/srv/docs': '/docs:ro' },
      engine: 'build',
    },
    { limits: { cpus: 0.5, memoryBytes: 256 * 2 ** 20, pids: 64 }, user: '1000', readOnly: false, pull: 'always' },
  ])('comes back from it as it was: %o', (settings) => {
    const { process: _process, authority: _authority, ...before } = kept(settings);
    expect(ContainerSettings.parse(toSettings(toContainerDraft(kept(settings))))).toEqual(before);
  });

  it('takes hosts however they are separated', () => {
    expect(splitHosts(' a.com, b.com\nc.com,,')).toEqual(['a.com', 'b.com', 'c.com']);
  });
});
