import { expect, it } from 'vitest';
import { byCategory, categoriesOf, fitting } from './catalogue.ts';

function app(category: string, name: string, action = 'send') {
  return { category, name, displayName: `The ${name}`, description: '', actions: [action] };
}

const apps = [app('Mail', 'Smtp'), app('Firewall', 'Sangfor', 'block_ip'), app('Mail', 'Imap')];

it('is in order', () => {
  expect(categoriesOf(apps)).toEqual(['Firewall', 'Mail']);
  expect(byCategory(apps).map(([category, list]) => [category, list.map(({ name }) => name)])).toEqual([
    ['Firewall', ['Sangfor']],
    ['Mail', ['Imap', 'Smtp']],
  ]);
});

it('is searched by words and actions', () => {
  expect(fitting(apps, 'BLOCK', undefined)).toEqual([apps[1]]);
  expect(fitting(apps, ' the ', 'Mail')).toEqual([apps[0], apps[2]]);
  expect(fitting(apps, '', undefined)).toEqual(apps);
});
