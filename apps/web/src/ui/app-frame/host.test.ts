import { expect, it, vi } from 'vitest';
import { createMeter, isReadable } from './bounds.ts';
import { AppError, createHost, type AppHandlers } from './host.ts';
import type { Params } from './messages.ts';

const none = { openLink: () => Promise.resolve(false), resized: () => undefined };

function makeHost(handlers: Partial<AppHandlers> = {}) {
  const posted: Params[] = [];
  const flooded = vi.fn<() => void>();
  const host = createHost({
    post: (message) => posted.push(message),
    handlers: { ...none, ...handlers },
    context: () => ({ theme: 'dark' }),
    allowed: { connectDomains: ['https://api.example.com'] },
    flooded,
    now: () => 0,
  });
  let counter = 0;
  /** What the host answers to a request. */
  async function ask(method: string, params: unknown = {}): Promise<Params> {
    const id = (counter += 1);
    host.receive({ jsonrpc: '2.0', id, method, params });
    return vi.waitFor(() => {
      const found = posted.find((message) => message['id'] === id);
      if (!found) throw new Error(`${method} has no answer.`);
      return found;
    });
  }
  function tell(method: string, params: unknown = {}) {
    host.receive({ jsonrpc: '2.0', method, params });
  }
  function toldMethods() {
    return posted.flatMap(({ method }) =>
      typeof method === 'string' ? [method.replace('ui/notifications/', '')] : [],
    );
  }
  async function greet() {
    await ask('ui/initialize', { protocolVersion: '2026-01-26' });
    tell('ui/notifications/initialized');
  }
  return { host, posted, flooded, ask, tell, toldMethods, greet };
}

it('says what it is and offers what it can do', async () => {
  const { ask } = makeHost({ callTool: () => Promise.resolve({}) });
  const { result } = await ask('ui/initialize', { protocolVersion: '2026-01-26', appInfo: {}, appCapabilities: {} });
  expect(result).toMatchObject({
    protocolVersion: '2026-01-26',
    hostContext: { theme: 'dark' },
    hostCapabilities: { serverTools: {}, sandbox: { csp: { connectDomains: ['https://api.example.com'] } } },
  });
  expect(result).not.toHaveProperty('hostCapabilities.serverResources');
  const other = await ask('ui/initialize', { protocolVersion: '1999-01-01' });
  expect(other).toHaveProperty('result.protocolVersion', '2026-01-26');
});

it('tells nothing before the app is ready, and then each thing once and in order', async () => {
  const { host, greet, toldMethods } = makeHost();
  host.partialInput({ a: 1 });
  host.partialInput({ a: 12 });
  host.toolInput({ a: 123 });
  host.toolResult({ content: [] });
  host.contextChanged({ theme: 'light' });
  expect(toldMethods()).toEqual([]);
  await greet();
  expect(toldMethods()).toEqual(['tool-input-partial', 'tool-input', 'tool-result']);
  host.toolInput({ a: 1234 });
  host.partialInput({ a: 1 });
  host.toolResult({ content: [] });
  host.contextChanged({ theme: 'light' });
  expect(toldMethods().slice(3)).toEqual(['host-context-changed']);
});

it('does nothing for an app that did not begin as it should', async () => {
  const callTool = vi.fn<NonNullable<AppHandlers['callTool']>>(() => Promise.resolve({}));
  const { ask, tell, host, toldMethods } = makeHost({ callTool });
  host.toolInput({});
  tell('ui/notifications/initialized');
  expect(await ask('tools/call', { name: 'a' })).toHaveProperty('error.code', -32_600);
  expect(callTool).not.toHaveBeenCalled();
  expect(toldMethods()).toEqual([]);
});

it('passes on what the caller refuses, and nothing of what broke', async () => {
  const { ask, greet } = makeHost({
    callTool: (name) => Promise.reject(name === 'refused' ? new AppError('Not this.', -32_050) : new Error('secret')),
  });
  await greet();
  expect(await ask('tools/call', { name: 'refused' })).toMatchObject({
    error: { code: -32_050, message: 'Not this.' },
  });
  expect(JSON.stringify(await ask('tools/call', { name: 'broken' }))).not.toContain('secret');
});

it('does four things at once and no more', async () => {
  const { promise, resolve } = Promise.withResolvers<Params>();
  const { ask, greet } = makeHost({ callTool: () => promise });
  await greet();
  const calls = [1, 2, 3, 4].map(() => ask('tools/call', { name: 'slow' }));
  expect(await ask('tools/call', { name: 'fifth' })).toHaveProperty('error.code', -32_000);
  resolve({ content: [] });
  for (const call of calls) expect(await call).toHaveProperty('result');
});

it.each<unknown>([
  null,
  'text',
  7,
  [],
  new Map(),
  new ArrayBuffer(8),
  { jsonrpc: '1.0', id: 1, method: 'ping' },
  { jsonrpc: '2.0', id: {}, method: 'ping' },
  { jsonrpc: '2.0', id: 1, method: ['ping'] },
  { jsonrpc: '2.0', id: 1, method: 'ping', params: [] },
  { jsonrpc: '2.0', id: 1, method: 'ping', params: { a: 'x'.repeat(2_000_000) } },
  { jsonrpc: '2.0', id: 1, method: 'ping', params: { a: Array.from({ length: 60_000 }) } },
  { jsonrpc: '2.0', id: 1, method: 'ping', params: { a: new Date() } },
  { jsonrpc: '2.0', id: 1, result: {} },
])('does not answer what is no message: %#', async (message) => {
  const { host, posted, ask } = makeHost();
  host.receive(message);
  await ask('ping');
  expect(posted).toHaveLength(1);
});

it('reads no circles', () => {
  const circle: unknown[] = [];
  circle.push(circle);
  expect(isReadable(circle)).toBe(false);
});

it('asks for the end of an app that sends without end', () => {
  const { host, flooded, posted } = makeHost();
  for (let n = 0; n < 5_000; n += 1) host.receive({ jsonrpc: '2.0', method: 'x', params: {} });
  expect(flooded).toHaveBeenCalled();
  expect(posted).toEqual([]);
});

it('lets an app send for as long as it keeps to its pace', () => {
  let at = 0;
  const meter = createMeter(() => at);
  for (let n = 0; n < 10_000; n += 1) {
    at += 1000 / 60;
    expect(meter()).toBe('taken');
  }
});
