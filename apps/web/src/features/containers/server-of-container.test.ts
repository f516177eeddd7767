import { expect, test } from 'vitest';
import type { ContainerDetails } from '../../lib/api-types.ts';
import { firstPort, toServer, type ServerDraft } from './server-of-container.ts';

const container = {
  image: 'shop/mcp:1',
  command: ['node', 'server.js', '--verbose'],
  entrypoint: [],
  environment: { PATH: '/bin', HOME: '/root', HOSTNAME: 'c1', API_KEY: 'k' },
  ports: {},
} as unknown as ContainerDetails;
const draft: ServerDraft = { name: 'Shop', transport: 'stdio', port: '', path: '/mcp', network: 'none' };

test('takes image, command and environment, and leaves to the image what is the image’s', () => {
  expect(toServer(container, draft, null)).toEqual({
    kind: 'container',
    name: 'Shop',
    command: 'node',
    args: ['server.js', '--verbose'],
    env: { API_KEY: 'k' },
    container: {
      image: 'shop/mcp:1',
      engine: null,
      entrypoint: null,
      transport: { kind: 'stdio' },
      network: { kind: 'none' },
      pull: 'missing',
    },
    desired: 'on',
  });
});

test('names no command where the container has none', () => {
  const made = toServer({ ...container, command: [] }, draft, 'far');
  expect(made).not.toHaveProperty('command');
  expect(made).toMatchObject({ args: [], container: { engine: 'far' } });
});

test('speaks HTTP over the port that is typed', () => {
  const made = toServer(
    { ...container, entrypoint: ['/init'] },
    { ...draft, transport: 'http', port: '3000', network: 'open' },
    null,
  );
  expect(made.container).toMatchObject({
    transport: { kind: 'http', port: 3000, path: '/mcp' },
    network: { kind: 'open' },
    entrypoint: ['/init'],
  });
});

test.each([
  [{}, ''],
  [{ '53/udp': [] }, ''],
  [{ '53/udp': [], '8080/tcp': [], '9090/tcp': [] }, '8080'],
])('offers the first TCP port of %j: %j', (ports, port) => {
  expect(firstPort({ ports })).toBe(port);
});
