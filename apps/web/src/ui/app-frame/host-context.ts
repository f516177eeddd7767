import type { Params } from './messages.ts';

/** The page's colours by the names that apps know. */
const colours: Readonly<Record<string, string>> = {
  'background-primary': 'surface',
  'background-secondary': 'sunken',
  'background-tertiary': 'page',
  'background-inverse': 'ink',
  'background-info': 'accent-soft',
  'background-danger': 'bad-soft',
  'background-success': 'ok-soft',
  'background-warning': 'warn-soft',
  'background-disabled': 'sunken',
  'text-primary': 'ink',
  'text-secondary': 'ink-2',
  'text-tertiary': 'ink-3',
  'text-inverse': 'page',
  'text-ghost': 'ink-3',
  'text-info': 'accent-text',
  'text-danger': 'bad',
  'text-success': 'ok',
  'text-warning': 'warn',
  'text-disabled': 'ink-3',
  'border-primary': 'line-strong',
  'border-secondary': 'line',
  'border-tertiary': 'line',
  'border-info': 'accent',
  'border-danger': 'bad',
  'border-success': 'ok',
  'border-warning': 'warn',
  'ring-primary': 'accent',
  'ring-danger': 'bad',
};

const others: Readonly<Record<string, string>> = {
  '--font-sans': '--font-sans',
  '--font-mono': '--font-mono',
  '--border-radius-sm': '--radius-sm',
  '--border-radius-md': '--radius-md',
  '--border-radius-lg': '--radius-lg',
  '--border-radius-xl': '--radius-xl',
  '--font-text-sm-size': '--text-sm',
  '--font-text-md-size': '--text-base',
  '--font-text-lg-size': '--text-lg',
};

/** How the page looks at the moment, for an app to look like it. */
export function looksNow(): Params {
  const style = getComputedStyle(document.documentElement);
  function valueOf(name: string): string {
    return style.getPropertyValue(name).trim();
  }
  const variables = Object.fromEntries([
    ...Object.entries(colours).map(([name, own]) => [`--color-${name}`, valueOf(`--${own}`)]),
    ...Object.entries(others).map(([name, own]) => [name, valueOf(own)]),
  ]);
  const theme = document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light';
  return { theme, styles: { variables } };
}

/** Calls back when the page's theme changes; gives the function that ends it. */
export function onLooks(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

/** The tallest that an app is shown; it scrolls within. */
export const tallest = 720;

/** Where an app stands. */
export function contextNow(locale: string, width: number, tool: Params | undefined): Params {
  return {
    ...looksNow(),
    displayMode: 'inline',
    availableDisplayModes: ['inline'],
    containerDimensions: { width, maxHeight: tallest },
    locale,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    userAgent: 'switchboard',
    platform: 'web',
    deviceCapabilities: { touch: matchMedia('(pointer: coarse)').matches, hover: matchMedia('(hover: hover)').matches },
    ...(tool && { toolInfo: { tool } }),
  };
}
