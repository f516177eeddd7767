import { accessSync, constants, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify, isAlive } from './embedded/process.ts';

/** The address of the test run's setup: the test workers inherit the environment. */
export const setupVariable = 'SWITCHBOARD_TEST_SETUP';

/** True in test runs with the global setup `testing-setup.ts`. */
export function hasSetup(): boolean {
  return process.env[setupVariable] !== undefined;
}

/** Asks the test run's setup for one of the things that all test files share; the first to ask waits until it is made. */
export async function askSetup<Made>(wanted: 'postgres' | 'cluster'): Promise<Made> {
  const address = process.env[setupVariable];
  if (address === undefined) {
    throw new Error('Tests with a database need the global setup packages/db/src/testing-setup.ts.');
  }
  const text = await new Promise<string>((resolve, reject) => {
    let received = '';
    const socket = connect(address, () => socket.write(wanted));
    socket.setEncoding('utf8').on('data', (part: string) => (received += part));
    socket.once('end', () => resolve(received)).once('error', reject);
  });
  const { made, error } = JSON.parse(text) as { made: Made; error?: string };
  if (error !== undefined) throw new Error(`The ${wanted} of the test run could not be made: ${error}`);
  return made;
}

const memory = '/dev/shm';
/** More than the databases of a run and their log ever take at once. */
const roomBytes = 2 ** 31;

/** True where a program can be executed there: the memory of a container may forbid it. */
function holdsPrograms(place: string): boolean {
  const folder = mkdtempSync(join(place, 'switchboard-room-'));
  try {
    const program = join(folder, 'program');
    writeFileSync(program, '', { mode: 0o700 });
    accessSync(program, constants.X_OK);
    return true;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function findRoom(): string {
  try {
    const { bavail, bsize } = statfsSync(memory);
    if (bavail * bsize >= roomBytes && holdsPrograms(memory)) return memory;
  } catch {
    // There is none, or it is not ours.
  }
  return tmpdir();
}

/**
 * The place where tests put databases: in memory if there is room, because one is 500 files, which a disk takes long to
 * make.
 */
export const databaseRoom = findRoom();

/**
 * Folders of databases whose names start with this prefix and the id of a process that has ended: of a run that was
 * killed.
 */
export function abandonedFolders(prefix: string): string[] {
  function isAbandoned(name: string): boolean {
    const owner = identify(Number(name.slice(prefix.length).split('-')[0]));
    return !owner || !isAlive(owner);
  }
  return readdirSync(databaseRoom)
    .filter((name) => name.startsWith(prefix) && isAbandoned(name))
    .map((name) => join(databaseRoom, name));
}
