import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Field, type FieldServer, fieldServer, startField } from './field.ts';

/** Configs of clients as they are found, imported as people do: again and again. */

let field: Field;
let server: FieldServer;

beforeAll(async () => {
  server = await fieldServer(({ plainly }) => plainly());
  field = await startField();
});
afterAll(async () => {
  await field?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

async function idsOf(name: string): Promise<string[]> {
  const { items } = await field.app.client().servers.list.query({ limit: 100 });
  return items.filter((each) => each.name === name).map(({ id }) => id);
}

describe.each([
  ['in letters of one script', '高德地图'],
  ['in a picture', '🙂'],
  ['in letters with marks', 'Зӑна Ünïcode'],
  ['in plain letters', 'tracker'],
])('a config whose server is named %s', (_how, name) => {
  test.each(['skip', 'replace'] as const)('makes one server, however often it comes (%s)', async (onConflict) => {
    const text = JSON.stringify({ mcpServers: { [name]: { type: 'http', url: server.url } } });
    for (let time = 0; time < 3; time += 1) {
      await field.app.client().servers.importConfig.mutate({ text, apply: true, onConflict });
    }
    const ids = await idsOf(name);
    expect(ids).toHaveLength(1);
    await field.app.client().servers.start.mutate({ id: ids[0] ?? '', wait: true });
    expect(await field.call(ids[0] ?? '')).toBe('hi {"a":1}');
  });
});

test('one of several servers that is off in its client is not started', async () => {
  const text = JSON.stringify({
    mcpServers: {
      'off-here': { url: server.url, disabled: 'true' },
      'off-there': { url: server.url, isActive: false },
      'on-here': { url: server.url },
    },
  });
  await field.app.client().servers.importConfig.mutate({ text, apply: true });
  async function desired(id: string) {
    return (await field.app.client().servers.get.query({ id })).desired;
  }
  expect(await Promise.all(['off-here', 'off-there', 'on-here'].map(desired))).toEqual(['disabled', 'disabled', 'on']);
});
