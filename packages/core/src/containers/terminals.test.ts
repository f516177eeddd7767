import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { ExecSession, Frame } from '@switchboard/docker';
import type { TerminalEvent } from './schema.ts';
import { createTerminals } from './terminals.ts';

/** A program that says what the test gives it. */
function scripted() {
  const frames: Frame[] = [];
  let wake: () => void = () => {};
  let over = false;
  let taken = 0;
  function say(data: Buffer | null) {
    if (data === null) over = true;
    else frames.push({ stream: 'stdout', data });
    wake();
  }
  async function* output(): AsyncGenerator<Frame> {
    for (;;) {
      const frame = frames.shift();
      if (frame) {
        taken += frame.data.length;
        yield frame;
      } else if (over) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  const close = vi.fn<() => void>(() => say(null));
  const session: ExecSession = {
    id: 'x',
    output: output(),
    write: async () => {},
    end: () => {},
    resize: async () => {},
    exitCode: async () => 3,
    close,
  };
  return {
    session,
    say: (text: string | Buffer) => say(Buffer.from(text)),
    end: () => say(null),
    close,
    taken: () => taken,
  };
}

const never = new AbortController().signal;
async function read(events: AsyncIterable<TerminalEvent>, count: number): Promise<string> {
  let text = '';
  let seen = 0;
  for await (const event of events) {
    text += event.type === 'data' ? event.text : `<${event.exitCode}>`;
    if ((seen += 1) >= count) break;
  }
  return text;
}

test('gives a reader what waits, the next one the rest, then the exit code', async () => {
  const terminals = createTerminals();
  const { session, say, end } = scripted();
  const stop = vi.fn<() => void>();
  const id = terminals.open('me', session, never, stop);
  const terminal = terminals.find('me', id);
  say('one ');
  await sleep(5);
  expect(await read(terminal.follow(never), 1)).toBe('one ');
  const bytes = Buffer.from('naïve');
  say(bytes.subarray(0, 3));
  say(bytes.subarray(3));
  await sleep(5);
  end();
  expect(await read(terminal.follow(never), 5)).toBe('naïve<3>');
  expect(() => terminals.find('me', id)).toThrow(/not open any more/);
  expect(stop).toHaveBeenCalledOnce();
});

test('belongs to the credential that opened it, and ends with its rights', async () => {
  const terminals = createTerminals();
  const rights = new AbortController();
  const { session, close } = scripted();
  const id = terminals.open('me', session, rights.signal, () => {});
  expect(() => terminals.find('you', id)).toThrow(/not open any more/);
  rights.abort();
  expect(close).toHaveBeenCalled();
  expect(() => terminals.find('me', id)).toThrow(/not open any more/);
});

test('holds a program back that nobody reads, and lets it go on', async () => {
  const terminals = createTerminals();
  const { session, say, taken } = scripted();
  const id = terminals.open('me', session, never, () => {});
  for (let count = 0; count < 20; count += 1) say(Buffer.alloc(64 * 1024, 'x'));
  await sleep(20);
  expect(taken()).toBeLessThan(512 * 1024);
  const leave = new AbortController();
  let length = 0;
  for await (const event of terminals.find('me', id).follow(leave.signal)) {
    if (event.type === 'data') length += event.text.length;
    if (length === 20 * 64 * 1024) leave.abort();
  }
  expect(length).toBe(20 * 64 * 1024);
  terminals.closeAll();
});

test('a credential has only so many', () => {
  const terminals = createTerminals();
  for (let count = 0; count < 16; count += 1) terminals.open('me', scripted().session, never, () => {});
  const { session, close } = scripted();
  expect(() => terminals.open('me', session, never, () => {})).toThrow(/close one first/);
  expect(close).toHaveBeenCalled();
  terminals.closeAll();
});
