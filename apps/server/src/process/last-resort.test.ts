import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

const module = path.join(import.meta.dirname, 'last-resort.ts');

/** Runs a program with the handler installed and gives what it printed. */
function program(body: string) {
  const text = `
    import { keepServing } from ${JSON.stringify(module)};
    const told = [];
    const log = { error: ({ error, server }, text) => told.push([error.message, server, text]) };
    const failed = [];
    let speaking = 'odd';
    keepServing(log, (error) => {
      if (speaking === 'broken') throw new Error('cannot fail it');
      failed.push(error.message);
      return speaking;
    });
    const end = () => console.log(JSON.stringify({ told, failed }));
    ${body}`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', text], { encoding: 'utf8' });
  return { status, ...(JSON.parse(stdout) as { told: [string, string | null, string][]; failed: string[] }) };
}

it('an error that nothing caught is logged, fails the connection it came by, and leaves the process serving', () => {
  const { status, told, failed } = program(`
    setTimeout(() => { throw new Error('first'); }, 1);
    setTimeout(() => { speaking = 'broken'; throw new Error('second'); }, 20);
    setTimeout(() => { speaking = null; process.emit('nothing'); throw new Error('third'); }, 40);
    setTimeout(end, 80);`);
  const text = 'An error that nothing caught; the hub goes on';
  expect({ status, failed }).toEqual({ status: 0, failed: ['first', 'third'] });
  expect(told).toEqual([
    ['first', 'odd', text],
    ['second', null, text],
    ['third', null, text],
  ]);
});

it('a flood of such errors does not flood the log', () => {
  const { told } = program(`
    let left = 1000;
    const again = () => { if (--left > 0) setImmediate(again); else setTimeout(end, 1); throw new Error('again'); };
    setImmediate(again);`);
  expect(told).toHaveLength(60);
});
