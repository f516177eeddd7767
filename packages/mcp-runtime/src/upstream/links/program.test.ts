import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('does not wait for the writer of a pipe that stands in the place of a program', () => {
  const directory = mkdtempSync(join(tmpdir(), 'program-'));
  try {
    const pipe = join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const module = JSON.stringify(join(import.meta.dirname, 'program.ts'));
    // In a process of its own, because one that waits in open() cannot be told to stop.
    const script = `const { readHead } = await import(${module}); console.log(JSON.stringify(readHead(process.argv[1])));`;
    const args = ['--input-type=module', '-e', script, pipe];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 20_000, killSignal: 'SIGKILL' });
    expect(stdout.trim()).toBe('""');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
