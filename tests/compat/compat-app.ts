import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { waitFor } from '@switchboard/basics';
import { createTestApp, type Json, type TestApp, type TestEnv } from '../support/app.ts';
import { createFixtureBin } from './fixtures/bin.ts';

export interface CompatApp extends TestApp {
  /** Runs a `curl` example of a document as written, with the substitutions given, and reads its JSON. */
  curl(example: string, substitutions?: Readonly<Record<string, string>>): Promise<Json>;
  /** The same for what answers with something else. */
  curlText(example: string, substitutions?: Readonly<Record<string, string>>): Promise<string>;
}

const run = promisify(execFile);

/** Every base URL that the examples of the documents use, and its replacement here. */
const bases = [
  ['https://api.mcphub.com', '/api'],
  ['http://localhost:3000', ''],
] as const;

function substitute(example: string, app: TestApp, substitutions: Readonly<Record<string, string>>): string {
  let text = example;
  for (const [from, to] of bases) text = text.replaceAll(from, `${app.url}${to}`);
  for (const [from, to] of Object.entries(substitutions)) text = text.replaceAll(from, to);
  const credentials = /authorization:|x-api-key:/i.test(text) ? '' : ` -H 'Authorization: Bearer ${app.token}'`;
  return text.replace(/^curl/, `curl -g -s --max-time 20${credentials}`);
}

/** A hub whose PATH starts the fixture where an example starts `uvx` or `python`. */
export async function createCompatApp(env: TestEnv = {}): Promise<CompatApp> {
  const bin = createFixtureBin();
  const app = await createTestApp({ PATH: `${bin.directory}:${process.env['PATH'] ?? ''}`, ...env }).catch(
    (error: unknown) => {
      bin.remove();
      throw error;
    },
  );
  async function stop() {
    await app.stop();
    bin.remove();
  }
  async function curlText(example: string, substitutions: Readonly<Record<string, string>> = {}): Promise<string> {
    const { stdout } = await run('bash', ['-c', substitute(example, app, substitutions)]);
    return stdout;
  }
  return {
    ...app,
    stop,
    [Symbol.asyncDispose]: stop,
    curl: async (example, substitutions) => JSON.parse(await curlText(example, substitutions)),
    curlText,
  };
}

/** Asks again until the answer is as wanted, or gives up with the last one. */
export async function askUntil<Value>(
  ask: () => Promise<Value>,
  isWanted: (value: Value) => boolean,
  timeoutMs = 90_000,
): Promise<Value> {
  let value = await ask();
  const isAnswered = await waitFor(async () => isWanted(value) || isWanted((value = await ask())), {
    timeoutMs,
    everyMs: 50,
  });
  if (isAnswered) return value;
  throw new Error(`Still not as wanted: ${JSON.stringify(value)?.slice(0, 2000)}`);
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
