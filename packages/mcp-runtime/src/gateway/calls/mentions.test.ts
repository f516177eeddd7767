import { describe, expect, test } from 'vitest';
import { createMentions, createSharedMentions } from './mentions.ts';

function linked(uri: string) {
  return { content: [{ type: 'resource_link', uri }] };
}

describe('what a result names', () => {
  test.each([
    ['a link of a tool', { content: [{ type: 'resource_link', uri: 'a:1' }] }],
    ['an embedded resource of a tool', { content: [{ type: 'resource', resource: { uri: 'a:1', text: '' } }] }],
    [
      'a resource in a prompt',
      { messages: [{ role: 'user', content: { type: 'resource', resource: { uri: 'a:1' } } }] },
    ],
    ['the interface of a result', { content: [], _meta: { ui: { resourceUri: 'a:1' } } }],
    ['the interface of a result, as first written', { content: [], _meta: { 'ui/resourceUri': 'a:1' } }],
    ['the interface of a content', { content: [{ type: 'text', text: '', _meta: { ui: { resourceUri: 'a:1' } } }] }],
    ['a link of a task that is done', { taskId: 't', result: { content: [{ type: 'resource_link', uri: 'a:1' }] } }],
    ['a link in a prompt', { messages: [{ role: 'user', content: { type: 'resource_link', uri: 'a:1' } }] }],
  ])('is remembered with its server: %s', (_what, result) => {
    const mentions = createMentions();
    mentions.note('s', result);
    expect(mentions.get('a:1')).toBe('s');
    mentions.note('t', result);
    expect(mentions.get('a:1')).toBe('t');
  });

  test.each([
    ['text', { content: [{ type: 'text', text: 'a:1', uri: 'a:1' }] }],
    ['no list', { content: 'a:1' }],
    ['no URI', { content: [{ type: 'resource_link', uri: 7 }, null, 'a:1'] }],
    ['odd interfaces', { _meta: { ui: { resourceUri: 7 }, 'ui/resourceUri': null } }],
    ['an interface elsewhere', { _meta: { ui: 'a:1' }, structuredContent: { _meta: { ui: { resourceUri: 'a:1' } } } }],
    ['nothing', {}],
  ])('is nothing where it holds %s', (_what, result) => {
    const mentions = createMentions();
    mentions.note('s', result);
    expect(mentions.get('a:1')).toBeUndefined();
  });

  test('the last 1,000 are kept, and none that is too long', () => {
    const mentions = createMentions();
    for (let n = 0; n < 1100; n++) mentions.note('s', linked(`a:${n}`));
    mentions.note('s', linked('x'.repeat(10_000)));
    expect([mentions.get('a:99'), mentions.get('a:100'), mentions.get('x'.repeat(10_000))]).toEqual([
      undefined,
      's',
      undefined,
    ]);
  });
});

test('callers without a session have one memory each, the longest unused of which is lost', () => {
  const of = createSharedMentions();
  of('me').note('s', linked('a:1'));
  expect([of('me').get('a:1'), of('you').get('a:1')]).toEqual(['s', undefined]);
  for (let n = 0; n < 998; n++) of(`other ${n}`);
  expect(of('me').get('a:1')).toBe('s');
  for (let n = 0; n < 1000; n++) of(`more ${n}`);
  expect(of('me').get('a:1')).toBeUndefined();
  expect(of('me').first).toBe(false);
});
