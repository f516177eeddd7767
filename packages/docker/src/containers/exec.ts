import type { Duplex } from 'node:stream';
import { withSignal, type CallOptions, type Connection } from '../engine/connection.ts';
import { readFrames, type Frame } from '../engine/frames.ts';
import { DockerError } from '../errors.ts';
import type { ContainerInfo } from './container-info.ts';
import { toEnvironment, type CreateContainer } from './create-spec.ts';

export interface ExecInput {
  command: readonly string[];
  /** A terminal: one output, and control characters work. */
  tty?: boolean;
  size?: TerminalSize;
  environment?: NonNullable<CreateContainer['environment']>;
  workingDir?: string;
  user?: string;
}

export interface TerminalSize {
  columns: number;
  rows: number;
}

export interface ExecSession {
  readonly id: string;
  /** Ends when the program does; not reading it holds the program back. */
  readonly output: AsyncGenerator<Frame>;
  /** Resolves once the program's input has taken it. */
  write(data: string | Buffer): Promise<void>;
  /** Ends the program's input. */
  end(): void;
  resize(size: TerminalSize): Promise<void>;
  /** The exit code; null while it runs. */
  exitCode(): Promise<number | null>;
  /** Leaves the program: its input and output are closed. The engine has no way to end it. */
  close(): void;
}

export interface ExecResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export interface Exec {
  open(reference: string, input: ExecInput, options?: CallOptions): Promise<ExecSession>;
  /** Runs a program to its end; output over `maxBytes` (default 1 MB) is an error. */
  run(
    reference: string,
    command: readonly string[],
    options?: CallOptions & Omit<ExecInput, 'command' | 'tty' | 'size'> & { maxBytes?: number; input?: string },
  ): Promise<ExecResult>;
}

const maxOutput = 1024 * 1024;
/**
 * The engine leaves a terminal at a sequence of keys, Ctrl-P Ctrl-Q where none is given, and holds back whatever may be
 * its beginning. It can be given another one and not none: nobody types this, and Ctrl-^ is the key that is missed least.
 */
const detachKeys = Array.from({ length: 8 }, () => 'ctrl-^,ctrl-@').join(',');
/** How long the exit code of a program whose output has ended may take to be known. */
const codeTries = 50;

/** Programs started inside running containers. */
export function createExec(
  connection: Connection,
  get: (reference: string, options?: CallOptions) => Promise<ContainerInfo>,
): Exec {
  const { docker } = connection;

  async function open(reference: string, input: ExecInput, options: CallOptions = {}): Promise<ExecSession> {
    const { id: containerId, name, status } = await get(reference, options);
    if (status !== 'running') throw new DockerError('conflict', `The container ${name} is ${status}: it has to run.`);
    const { command, tty = false, size, environment, workingDir, user } = input;
    const spec = {
      Cmd: [...command],
      Tty: tty,
      ...(tty ? { DetachKeys: detachKeys } : {}),
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      ...(environment === undefined ? {} : { Env: toEnvironment(environment) }),
      ...(workingDir === undefined ? {} : { WorkingDir: workingDir }),
      ...(user === undefined ? {} : { User: user }),
    };
    const exec = await connection.call(
      (signal) => docker.getContainer(containerId).exec(withSignal(spec, signal)),
      options,
    );
    const socket: Duplex = await connection.call(
      (signal) => exec.start(withSignal({ hijack: true, stdin: true, Tty: tty, Detach: false }, signal)),
      options,
    );
    socket.on('error', () => {});
    async function resize({ columns, rows }: TerminalSize) {
      await connection.call((signal) => exec.resize(withSignal({ h: rows, w: columns }, signal)));
    }
    if (tty && size !== undefined) await resize(size).catch(() => {});
    return {
      id: exec.id,
      output: readFrames(socket, tty),
      write: (data) => write(socket, data),
      end: () => socket.end(),
      resize,
      exitCode: async () => {
        const { Running, ExitCode } = await connection.call((signal) => exec.inspect(withSignal({}, signal)));
        return Running ? null : ExitCode;
      },
      close: () => socket.destroy(),
    };
  }

  return {
    open,
    run: async (reference, command, { maxBytes = maxOutput, input = '', ...options } = {}) => {
      const session = await open(reference, { command, ...options }, options);
      const limit = AbortSignal.any([
        ...(options.signal === undefined ? [] : [options.signal]),
        ...(options.timeoutMs === undefined || options.timeoutMs === 0 ? [] : [AbortSignal.timeout(options.timeoutMs)]),
      ]);
      function leave() {
        session.close();
      }
      limit.addEventListener('abort', leave, { once: true });
      try {
        if (input !== '') await session.write(input);
        session.end();
        const { stdout, stderr } = await gather(session.output, maxBytes);
        return { exitCode: await codeOf(session), stdout, stderr };
      } catch (error) {
        if (!limit.aborted) throw error;
        if (options.signal?.aborted === true) throw new DockerError('cancelled', 'The program was given up.');
        throw new DockerError('timeout', `"${command.join(' ').slice(0, 80)}" did not end in time.`);
      } finally {
        limit.removeEventListener('abort', leave);
        session.close();
      }
    },
  };
}

async function gather(output: AsyncIterable<Frame>, maxBytes: number): Promise<{ stdout: string; stderr: string }> {
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  let size = 0;
  for await (const { stream, data } of output) {
    size += data.length;
    if (size > maxBytes) throw new DockerError('too_large', `The program wrote more than ${maxBytes} bytes.`);
    parts[stream].push(data);
  }
  return { stdout: Buffer.concat(parts.stdout).toString(), stderr: Buffer.concat(parts.stderr).toString() };
}

async function codeOf(session: ExecSession): Promise<number> {
  for (let tries = 0; tries < codeTries; tries += 1) {
    const code = await session.exitCode();
    if (code !== null) return code;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new DockerError('failed', 'The program closed its output but did not end.');
}

function write(socket: Duplex, data: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(data, (error) => {
      if (error === null || error === undefined) resolve();
      else reject(new DockerError('unreachable', 'The program no longer takes input.', { cause: error }));
    });
  });
}
