import { MASK } from '../servers/schema.ts';

const entry = /^(\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*=)(.*)$/;

/** An environment file with `***` for every value; comments stay. */
export const maskEnv = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(entry, (_, head: string) => `${head}${MASK}`))
    .join('\n');

const valuesOf = (text: string): Map<string, string> => {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, , name, value] = entry.exec(line) ?? [];
    if (name !== undefined && value !== undefined) values.set(name, value);
  }
  return values;
};

/** `***` written back keeps the value there was. */
export const keepMasked = (text: string, before: string | null): string => {
  const values = valuesOf(before ?? '');
  return text
    .split('\n')
    .map((line) => {
      const [, head, name, value] = entry.exec(line) ?? [];
      if (head === undefined || name === undefined || value?.trim() !== MASK) return line;
      return `${head}${values.get(name) ?? MASK}`;
    })
    .join('\n');
};

export const envNames = (text: string | null): string[] => [...valuesOf(text ?? '').keys()];

/** Shorter values stand in ordinary words too. */
const shortestSecret = 4;

/** Takes the values of an environment file out of what a program says. */
export const maskOf = (text: string | null): ((line: string) => string) => {
  const values = [...valuesOf(text ?? '').values()]
    .map((value) => value.trim().replace(/^(["'])(.*)\1$/, '$2'))
    .filter((value) => value.length >= shortestSecret)
    .toSorted((a, b) => b.length - a.length);
  return (line) => values.reduce((masked, value) => masked.replaceAll(value, MASK), line);
};
