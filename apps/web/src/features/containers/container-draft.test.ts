import { expect, it } from 'vitest';
import { emptyDraft, limitsOf, toCreate } from './container-draft.ts';

it('sends only what was filled in', () => {
  expect(toCreate({ ...emptyDraft, image: ' nginx ' }, undefined)).toEqual({
    engine: undefined,
    image: 'nginx',
    pull: 'missing',
    start: true,
  });
});

it('turns host ports and volumes into what the engine takes', () => {
  const created = toCreate(
    {
      ...emptyDraft,
      image: 'nginx',
      ports: [
        { name: '8080', value: '80' },
        { name: '127.0.0.1:8081', value: '80' },
        { name: '', value: '53/udp' },
        { name: '', value: '' },
      ],
      volumes: [
        { name: 'data', value: '/data' },
        { name: 'data', value: '/backup:ro' },
      ],
      capAdd: 'NET_ADMIN, SYS_TIME',
    },
    'build',
  );
  expect(created).toMatchObject({
    engine: 'build',
    ports: { '80/tcp': ['8080', '127.0.0.1:8081'], '53/udp': '' },
    volumes: { data: ['/data', '/backup:ro'] },
    capAdd: ['NET_ADMIN', 'SYS_TIME'],
  });
});

it('gives memory in bytes', () => {
  expect(limitsOf({ cpus: '0.5', memoryMb: '64', pids: '' })).toEqual({ cpus: 0.5, memoryBytes: 67_108_864 });
});
