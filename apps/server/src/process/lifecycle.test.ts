import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createLifecycle } from './lifecycle.ts';

function createLog() {
  const lines: string[] = [];
  function write(fields: object, message: string) {
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  }
  return { lines, log: { debug: () => undefined, info: write, warn: write, error: write } };
}

test('stops in reverse order, once', async () => {
  const order: string[] = [];
  const life = createLifecycle(createLog().log);
  for (const name of ['first', 'second']) {
    await life.start({ name, start: () => order.push(`start ${name}`), stop: () => void order.push(`stop ${name}`) });
  }
  await Promise.all([life.stop(), life.stop()]);
  expect(order).toEqual(['start first', 'start second', 'stop second', 'stop first']);
});

test('a part that does not start stops those that run', async () => {
  let stopped = false;
  const life = createLifecycle(createLog().log);
  await life.start({ name: 'first', start: () => 1, stop: () => void (stopped = true) });
  const failing = life.start({ name: 'second', start: () => Promise.reject(new Error('no')) });
  await expect(failing).rejects.toThrow('no');
  expect(stopped).toBe(true);
});

test('a part that hangs or fails while stopping does not keep the others', async () => {
  const { log, lines } = createLog();
  let stopped = false;
  const life = createLifecycle(log);
  await life.start({ name: 'first', start: () => 1, stop: () => void (stopped = true) });
  await life.start({
    name: 'hangs',
    start: () => 1,
    stop: () => sleep(60_000, undefined, { ref: false }),
    stopTimeoutMs: 20,
  });
  await life.start({ name: 'fails', start: () => 1, stop: () => Promise.reject(new Error('no')) });
  await life.stop();
  expect(stopped).toBe(true);
  expect(lines).toHaveLength(2);
});
