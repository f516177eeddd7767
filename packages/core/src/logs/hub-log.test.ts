import { expect, it } from 'vitest';
import { createHubLog, type HubLine } from './hub-log.ts';

function line(fields: object): string {
  return `${JSON.stringify({ level: 30, time: 1_700_000_000_000, ...fields })}\n`;
}

it('keeps what a line says, its fields apart', () => {
  const log = createHubLog();
  const told: HubLine[] = [];
  const end = log.subscribe((one) => told.push(one));
  log.write(line({ level: 40, server: 'files', count: 2, msg: 'It failed' }));
  end();
  log.write(line({ level: 20, msg: 'unheard' }));
  expect(log.lines()).toMatchObject([
    { time: 1_700_000_000_000, level: 'warn', message: 'It failed', fields: { server: 'files', count: 2 } },
    { level: 'debug', message: 'unheard', fields: {} },
  ]);
  expect(told).toEqual(log.lines().slice(0, 1));
  expect(log.lines().map(({ id }) => id)).toEqual(
    log
      .lines()
      .map(({ id }) => id)
      .toSorted(),
  );
});

it('knows the levels of the logger', () => {
  const log = createHubLog();
  for (const level of [10, 20, 30, 40, 50, 60, 'odd']) log.write(line({ level, msg: 'x' }));
  expect(log.lines().map(({ level }) => level)).toEqual(['debug', 'debug', 'info', 'warn', 'error', 'error', 'info']);
});

it('keeps a bounded number of lines, of bounded length', () => {
  const few = createHubLog({ most: 3 });
  for (let n = 0; n < 1_000; n += 1) few.write(line({ msg: `m${n}` }));
  expect(few.lines().map(({ message }) => message)).toEqual(['m997', 'm998', 'm999']);
  const small = createHubLog({ mostCharacters: 50_000 });
  for (let n = 0; n < 100; n += 1) small.write(line({ msg: 'x'.repeat(100_000), stack: 'y'.repeat(100_000) }));
  expect(small.lines().length).toBeLessThan(10);
  expect(JSON.stringify(small.lines()).length).toBeLessThan(100_000);
  small.write(`{"level":50,"msg":"${'z'.repeat(2_000_000)}"}`);
  expect(small.lines().at(-1)?.message.length).toBeLessThan(10_000);
});

it('takes what is no JSON for a message, and hides credentials that show themselves', () => {
  const log = createHubLog();
  log.write('not json');
  log.write('[1]');
  log.write(line({ msg: 'Bearer abcdefghijklmnop sent', error: { message: 'ghp_abcdefghijklmnopqrst' } }));
  expect(log.lines().map(({ message }) => message)).toEqual(['not json', '', '*** sent']);
  expect(JSON.stringify(log.lines())).not.toContain('abcdefgh');
});

it('hides credentials that begin a line, in whatever field', () => {
  const log = createHubLog();
  const said = 'It failed:\nsk-abcdefghijklmnopqrstu\n\tBearer abcdefghijklmnop\r\nghp_abcdefghijklmnopqrst';
  log.write(line({ msg: said, error: said, err: { stack: said, causes: [said] }, sk_abcdefghijklmnop: 1 }));
  // A token is whole where the message is cut.
  log.write(line({ msg: `${'x '.repeat(4_093)}sk-abcdefghijklmnopqrstu` }));
  const masked = 'It failed:\n***\n\t***\r\n***';
  expect(log.lines()[0]).toMatchObject({
    message: masked,
    fields: { error: masked, err: { stack: masked, causes: [masked] }, '***': 1 },
  });
  expect(JSON.stringify(log.lines())).not.toContain('sk-abc');
});

it('takes fields that lie deep', () => {
  const log = createHubLog();
  log.write(`{"level":30,"msg":"deep","a":${'['.repeat(100_000)}"sk-abcdefghijklmnopqrstu"${']'.repeat(100_000)}}`);
  expect(log.lines()[0]?.message).toBe('deep');
  expect(JSON.stringify(log.lines()[0]?.fields).length).toBeLessThan(100);
});
