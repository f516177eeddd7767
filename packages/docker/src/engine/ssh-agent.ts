import { spawn } from 'node:child_process';
import { Agent } from 'node:http';
import { Duplex } from 'node:stream';
import type { EngineHost } from './host.ts';

type SshHost = Extract<EngineHost, { kind: 'ssh' }>;

/**
 * Connections to an engine on another machine by the `ssh` program, the way the docker client makes them, so that the
 * keys, known hosts and configuration of this machine's user hold.
 */
export function createSshAgent(host: SshHost): Agent {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 4 });
  agent.createConnection = () => openSshStream(host);
  return agent;
}

/** The argument vector; `--` keeps the host from being read as an option. */
export function sshArguments(host: SshHost): string[] {
  return [
    '-T',
    '-oBatchMode=yes',
    '-oConnectTimeout=15',
    '-oServerAliveInterval=15',
    ...(host.user === null ? [] : ['-l', host.user]),
    ...(host.port === null ? [] : ['-p', String(host.port)]),
    '--',
    host.host,
    'docker',
    'system',
    'dial-stdio',
  ];
}

function openSshStream(host: SshHost): Duplex {
  const child = spawn('ssh', sshArguments(host), { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  const stream = new Duplex({
    read: () => void child.stdout.resume(),
    write: (chunk, _encoding, done) => void child.stdin.write(chunk, () => done()),
    final: (done) => void child.stdin.end(() => done()),
    destroy: (error, done) => {
      child.kill();
      done(error);
    },
  });
  child.stdout.on('data', (chunk: Buffer) => {
    if (!stream.push(chunk)) child.stdout.pause();
  });
  child.stdin.on('error', () => {});
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2_000);
  });
  function fail(message: string) {
    void stream.destroy(Object.assign(new Error(message), { code: 'ESSH' }));
  }
  child.once('error', (error) => fail(`ssh could not be started: ${error.message}`));
  // Only now is it known whether the end of the output was one in good order.
  child.once('close', (code) => {
    if (code === 0 || stream.destroyed) stream.push(null);
    else fail(complaint.trim() === '' ? `ssh ended with code ${code}` : complaint.trim());
  });
  stream.on('error', () => {});
  // The methods that http.Agent expects of a socket and a stream does not have.
  return Object.assign(stream, {
    setKeepAlive: () => stream,
    setNoDelay: () => stream,
    setTimeout: () => stream,
    ref: () => stream,
    unref: () => stream,
  });
}
