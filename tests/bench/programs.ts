import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

export interface Program extends AsyncDisposable {
  pid: number;
  /** The first line it printed: where it listens. */
  line: string;
}

export function here(file: string): string {
  return path.join(import.meta.dirname, file);
}

/** The scripted v1 SDK server: what most programs in the field are built on. */
export const sdkServer = path.join(import.meta.dirname, '../support/mcp/main.ts');

/** Starts one of the bench's own servers and waits for its address. */
export async function start(args: string[]): Promise<Program> {
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise<string>((resolve, reject) => {
    let held = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      held += chunk;
      if (held.includes('\n')) resolve(held.slice(0, held.indexOf('\n')));
    });
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with code ${code}`)));
  });
  return {
    pid: child.pid ?? 0,
    line,
    [Symbol.asyncDispose]: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    },
  };
}
