import { describe, expect, test } from 'vitest';
import type { Container } from './api-types.ts';
import { containerLooks, containerWords, isOn, portsOf, shortId, wordOf } from './container-state.ts';

function container(state: Partial<Container>): Container {
  return { status: 'running', health: null, exitCode: null, outOfMemory: false, ports: {}, ...state } as Container;
}

describe('a container', () => {
  test.each([
    [{ status: 'running' }, 'running'],
    [{ status: 'running', health: 'healthy' }, 'running'],
    [{ status: 'running', health: 'unhealthy' }, 'unhealthy'],
    [{ status: 'running', health: 'starting' }, 'starting'],
    [{ status: 'exited', exitCode: 0 }, 'exited'],
    [{ status: 'exited', exitCode: null }, 'exited'],
    [{ status: 'exited', exitCode: 137 }, 'failed'],
    [{ status: 'exited', exitCode: 137, outOfMemory: true }, 'outOfMemory'],
    [{ status: 'paused', health: 'unhealthy' }, 'paused'],
    [{ status: 'created' }, 'created'],
    [{ status: 'something-new' }, 'dead'],
  ])('that is %j is called %s', (state, word) => {
    expect(wordOf(container(state as Partial<Container>))).toBe(word);
  });

  test.each(containerWords)('that is %s looks like something', (word) => {
    expect(containerLooks[word].shape).toBeTypeOf('string');
  });

  test.each([
    ['running', true],
    ['paused', true],
    ['restarting', true],
    ['exited', false],
    ['created', false],
    ['removing', false],
  ])('that is %s is on: %s', (status, on) => {
    expect(isOn(container({ status }))).toBe(on);
  });

  test.each([
    [{}, []],
    [
      {
        '80/tcp': [
          { HostIp: '0.0.0.0', HostPort: '8080' },
          { HostIp: '::', HostPort: '8080' },
        ],
      },
      ['8080→80'],
    ],
    [{ '53/udp': [{ HostIp: '', HostPort: '53' }] }, ['53→53/udp']],
    [{ '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '80' }] }, ['127.0.0.1:80→80']],
    [{ '80/tcp': [] }, []],
  ])('publishes %j as %j', (ports, shown) => {
    expect(portsOf(container({ ports }))).toEqual(shown);
  });

  test.each([
    ['sha256:0123456789abcdef', '0123456789ab'],
    ['0123456789abcdef', '0123456789ab'],
    ['short', 'short'],
  ])('with the id %s is shown as %s', (id, shown) => {
    expect(shortId(id)).toBe(shown);
  });
});
