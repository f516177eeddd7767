// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { applyTheme, recall, remember, themeChoice } from './preferences.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  localStorage.clear();
  delete document.documentElement.dataset['theme'];
});

test('keeps what was chosen, under a name of the hub’s own', () => {
  remember('lang', 'zh-CN');
  expect(recall('lang')).toBe('zh-CN');
  expect(localStorage.getItem('switchboard.lang')).toBe('zh-CN');
  expect(recall('nothing')).toBeNull();
});

test('does without a storage that is switched off or full', () => {
  function refuse(): never {
    throw new Error('SecurityError');
  }
  vi.stubGlobal('localStorage', { setItem: refuse, getItem: refuse });
  expect(() => remember('lang', 'en')).not.toThrow();
  expect(recall('lang')).toBeNull();
  expect(themeChoice()).toBe('system');
});

test.each([
  ['light', 'light'],
  ['dark', 'dark'],
  ['system', 'system'],
  ['purple', 'system'],
])('reads the theme %s as %s', (stored, choice) => {
  remember('theme', stored);
  expect(themeChoice()).toBe(choice);
});

test.each([
  ['light', true, 'light'],
  ['dark', false, 'dark'],
  ['system', true, 'dark'],
  ['system', false, 'light'],
] as const)('shows %s on a system that is dark (%s) as %s', (choice, isDark, shown) => {
  vi.spyOn(globalThis, 'matchMedia').mockReturnValue({ matches: isDark } as MediaQueryList);
  applyTheme(choice);
  expect(document.documentElement.dataset['theme']).toBe(shown);
});
