/** A file of a generated tool. */
export interface ToolFile {
  /** Relative, with `/`. */
  path: string;
  text: string;
}

/** Files that were given by path. */
export function filesOf(given: Readonly<Record<string, string>>): ToolFile[] {
  return Object.entries(given).map(([path, text]) => ({ path, text }));
}

const segment = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/;
const mostSegments = 8;
const longestPath = 200;

/** The problem of a path among the others; null for none. */
export function badPath(path: string, others: readonly string[]): string | null {
  const shown = JSON.stringify(path.slice(0, 100));
  if (path.length > longestPath) return `${shown}… must be at most ${longestPath} characters`;
  const segments = path.split('/');
  if (segments.length > mostSegments || segments.some((each) => !segment.test(each))) {
    return `${shown} must be a relative path of letters, digits, '_', '-' and '.', as lib/weather.py`;
  }
  if (others.some((other) => other.startsWith(`${path}/`))) return `${shown} is a file and a folder`;
  return null;
}

export type ToolLanguage = 'python' | 'node';

/** The names of main files; the first that exists is started. */
export const mainStems = ['main_server', 'server', 'main'];
const extensions: Readonly<Record<string, ToolLanguage>> = { py: 'python', ts: 'node', js: 'node', mjs: 'node' };

/** The file that a tool is started by; null where it has none. */
export function mainOf(paths: readonly string[]): string | null {
  const there = new Set(paths);
  const names = Object.keys(extensions).flatMap((extension) => mainStems.map((stem) => `${stem}.${extension}`));
  return names.find((name) => there.has(name)) ?? null;
}

/** The language of a main file. */
export function languageOf(main: string): ToolLanguage {
  return extensions[main.slice(main.lastIndexOf('.') + 1)] ?? 'node';
}
