import { describe, expect, test } from 'vitest';
import type { Callable, ServerItems } from '../../lib/api-types.ts';
import { chosenItem, itemsFor } from './items-for.ts';

function item(type: Callable['type'], name: string): Callable {
  return { type, name, title: null, description: null, enabled: true, definition: {} };
}

const items = {
  tools: [item('tool', 'add')],
  prompts: [item('prompt', 'greet')],
  resources: [item('resource', 'file:///a')],
  templates: [item('template', 'file:///{name}')],
} as unknown as ServerItems;

describe('what a server offers', () => {
  test.each([
    ['tools/call', ['add']],
    ['prompts/get', ['greet']],
    ['resources/read', ['file:///a', 'file:///{name}']],
  ] as const)('for %s', (method, names) => {
    expect(itemsFor(method, items)?.map(({ name }) => name)).toEqual(names);
  });

  test('is not known before it came', () => {
    expect(itemsFor('tools/call', undefined, [item('tool', 'ask')])).toBeUndefined();
  });

  test('has tools that only some clients get besides, each once', () => {
    const offered = [item('tool', 'add'), item('tool', 'ask')];
    expect(itemsFor('tools/call', items, offered)?.map(({ name }) => name)).toEqual(['add', 'ask']);
    expect(itemsFor('prompts/get', items, offered)).toHaveLength(1);
  });
});

describe('what is called', () => {
  const resources = itemsFor('resources/read', items);

  test('is found by its name', () => {
    expect(chosenItem('tools/call', items.tools, 'add')?.type).toBe('tool');
    expect(chosenItem('tools/call', items.tools, 'nothing')).toBeUndefined();
    expect(chosenItem('tools/call', items.tools, undefined)).toBeUndefined();
  });

  test('may be a resource that no list names, once the lists are known', () => {
    expect(chosenItem('resources/read', resources, 'ui://map')).toMatchObject({
      type: 'resource',
      definition: { uri: 'ui://map' },
    });
    expect(chosenItem('resources/read', undefined, 'ui://map')).toBeUndefined();
    expect(chosenItem('resources/read', resources, undefined)).toBeUndefined();
    expect(chosenItem('prompts/get', items.prompts, 'ui://map')).toBeUndefined();
  });
});
