// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { exampleConversation } from '../../testing/chat-things.ts';
import { refuse, type Answers } from '../../testing/fake-api.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { ChatList } from './chat-list.tsx';

const engines = exampleConversation({ tags: ['history'] });
const loved = exampleConversation({ id: 'c-2', title: 'Looms', status: 'favorite', tags: ['weaving', 'history'] });
const shared = exampleConversation({ id: 'c-3', title: '', ownerId: 'u-grace', isAnswered: true });

async function show(answers: Answers = {}, onChosen?: () => void) {
  const page = await renderPage(<ChatList id="c-2" {...(onChosen && { onChosen })} />, {
    answers: { 'conversations.list': [engines, loved, shared], ...answers },
  });
  return page;
}

test('lists conversations, and says which is open, a favourite, or being answered', async () => {
  await show();
  const [first, second, third] = await screen.findAllByRole('listitem');
  expect(first?.textContent).toContain('About engines');
  expect(
    within(second ?? document.body)
      .getByRole('link', { name: /Looms/ })
      .getAttribute('aria-current'),
  ).toBe('page');
  expect(second?.textContent).toContain('Favorites');
  expect(third?.textContent).toContain('Untitled chat');
  expect(third?.textContent).toContain('Answering');
});

test('offers what changes a conversation to its owner alone', async () => {
  await show();
  const [own, , other] = await screen.findAllByRole('listitem');
  await expect.poll(() => within(own ?? document.body).queryAllByRole('button')).toHaveLength(1);
  expect(within(other ?? document.body).queryAllByRole('button')).toHaveLength(0);
});

test.each([
  ['Archive', { archived: true }],
  ['Favorites', { status: 'favorite' }],
  ['Bin', { status: 'deleted' }],
  ['Shared with me', { shared: true }],
  ['weaving', { tag: 'weaving' }],
])('asks for the folder or tag %s', async (folder, expected) => {
  const { api, user } = await show();
  await screen.findByRole('option', { name: 'weaving' });
  await user.selectOptions(screen.getByRole('combobox', { name: 'Folder' }), folder);
  await expect.poll(() => api.sent('conversations.list').at(-1)).toEqual(expected);
});

test('names each tag once, in order', async () => {
  await show();
  await screen.findByRole('option', { name: 'weaving' });
  const tags = within(screen.getByRole('group', { name: 'Tags' })).getAllByRole('option');
  expect(tags.map(({ textContent }) => textContent)).toEqual(['history', 'weaving']);
});

test('searches once the typing has settled', async () => {
  const { api, user } = await show();
  await user.type(await screen.findByRole('searchbox', { name: 'Search conversations' }), ' loom ');
  await expect.poll(() => api.sent('conversations.list').at(-1)).toEqual({ search: 'loom' });
  const searches = api.sent('conversations.list').filter((input) => input?.search !== undefined);
  expect(searches).toHaveLength(1);
});

test.each([
  ['All chats', 'No chats yet'],
  ['Bin', 'The bin is empty'],
  ['Shared with me', 'Nothing is shared with you'],
])('says that the folder %s is empty', async (folder, told) => {
  const { user } = await show({ 'conversations.list': [] });
  await user.selectOptions(await screen.findByRole('combobox', { name: 'Folder' }), folder);
  await screen.findByText(told);
});

test('says why the list did not come, and asks again', async () => {
  const { api, user } = await show({ 'conversations.list': refuse('internal', 'Something went wrong.') });
  await screen.findByText('The conversations could not be loaded');
  api.answer('conversations.list', [engines]);
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByText('About engines');
});

test('closes the list over the page when one is chosen', async () => {
  const onChosen = vi.fn();
  const { user, address } = await show({}, onChosen);
  await user.click(await screen.findByRole('link', { name: /About engines/ }));
  expect(onChosen).toHaveBeenCalledOnce();
  await expect.poll(address).toBe('/chat/c-1');
});
