import { expect, it } from 'vitest';
import { interfaceOf, isForApps, isReadOnly } from './app-tools.ts';

it('finds the user interface of a tool, by the name of today or of old', () => {
  expect(interfaceOf({ _meta: { ui: { resourceUri: 'ui://a' }, 'ui/resourceUri': 'ui://b' } })).toBe('ui://a');
  expect(interfaceOf({ _meta: { 'ui/resourceUri': 'ui://b' } })).toBe('ui://b');
  expect(interfaceOf({ _meta: { ui: { visibility: ['app'] }, 'ui/resourceUri': 'ui://b' } })).toBe('ui://b');
  for (const odd of [{}, { _meta: null }, { _meta: [] }, { _meta: { ui: { resourceUri: 'https://a' } } }]) {
    expect(interfaceOf(odd)).toBeNull();
  }
});

it('knows which tools are for user interfaces', () => {
  expect(isForApps({})).toBe(true);
  expect(isForApps({ _meta: { ui: { visibility: ['model', 'app'] } } })).toBe(true);
  expect(isForApps({ _meta: { ui: { visibility: ['model'] } } })).toBe(false);
  expect(isForApps({ _meta: { ui: { visibility: [] } } })).toBe(false);
});

it('takes a tool for harmless only where it says so', () => {
  expect(isReadOnly({ annotations: { readOnlyHint: true } })).toBe(true);
  for (const other of [{}, { annotations: null }, { annotations: { readOnlyHint: 'yes' } }]) {
    expect(isReadOnly(other)).toBe(false);
  }
});
