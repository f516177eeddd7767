/** What the person chose for this browser. Storage may be switched off, so nothing here may throw. */

export type ThemeChoice = 'light' | 'dark' | 'system';

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`switchboard.${name}`, value);
  } catch {
    // Kept for this visit only.
  }
}

export function recall(name: string): string | null {
  try {
    return localStorage.getItem(`switchboard.${name}`);
  } catch {
    return null;
  }
}

export function themeChoice(): ThemeChoice {
  const stored = recall('theme');
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

/** Puts a theme on the document; theme.js does the same before the first paint. */
export function applyTheme(choice: ThemeChoice): void {
  const dark = choice === 'dark' || (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
}
