import { describe, expect, it } from 'vitest';
import { formatEngineHost, parseEngineHost } from './host.ts';
import { sshArguments } from './ssh-agent.ts';

describe('the engine’s address', () => {
  it.each([
    ['', 'unix:///var/run/docker.sock'],
    ['unix:///run/user/1000/docker.sock', 'unix:///run/user/1000/docker.sock'],
    ['/run/docker.sock', 'unix:///run/docker.sock'],
    ['tcp://10.0.0.2', 'tcp://10.0.0.2:2375'],
    ['10.0.0.2:2376', 'tcp://10.0.0.2:2376'],
    ['https://engine.example', 'tcp://engine.example:2376'],
    ['tcp://[::1]:2376', 'tcp://[::1]:2376'],
    ['ssh://ops@build.example:2222', 'ssh://ops@build.example:2222'],
    ['ssh://build.example', 'ssh://build.example'],
  ])('reads %j', (text, written) => {
    expect(formatEngineHost(parseEngineHost(text))).toBe(written);
  });

  it('takes another port for TLS', () => {
    expect(parseEngineHost('tcp://10.0.0.2', { ca: 'x' })).toMatchObject({ port: 2376, tls: { ca: 'x' } });
  });

  it.each(['ftp://x', 'tcp://', 'ssh://-oProxyCommand=x', 'ssh://-l@host', ':::'])('refuses %j', (text) => {
    expect(() => parseEngineHost(text)).toThrow(expect.objectContaining({ code: 'invalid', field: 'host' }));
  });

  it('gives ssh its words, never a shell line', () => {
    const words = sshArguments({ kind: 'ssh', host: 'build.example', port: 2222, user: 'ops' });
    expect(words.slice(-9)).toEqual([
      '-l',
      'ops',
      '-p',
      '2222',
      '--',
      'build.example',
      'docker',
      'system',
      'dial-stdio',
    ]);
  });
});
