import { MASK } from '../servers/schema.ts';

/** One entry with its value, which in quotes may go over several lines. */
const entries =
  /^([ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*)("(?:[^"\\]|\\[^])*"|'[^']*'|[^\n]*)/gm;

/** An environment file with `***` for every value; comments stay. */
export const maskEnv = (text: string): string => text.replace(entries, (_, head: string) => `${head}${MASK}`);

const valuesOf = (text: string): Map<string, string> =>
  new Map([...text.matchAll(entries)].map(([, , name = '', value = '']) => [name, value]));

/** `***` written back keeps the value there was. */
export const keepMasked = (text: string, before: string | null): string => {
  const values = valuesOf(before ?? '');
  return text.replace(entries, (whole, head: string, name: string, value: string) =>
    value.trim() === MASK ? `${head}${values.get(name) ?? MASK}` : whole,
  );
};

export const envNames = (text: string | null): string[] => [...valuesOf(text ?? '').keys()];

/** Shorter values stand in ordinary words too. */
const shortestSecret = 4;

/** Takes the values of an environment file out of what a program says. */
export const maskOf = (text: string | null): ((line: string) => string) => {
  const values = [...valuesOf(text ?? '').values()]
    .flatMap((value) =>
      value
        .trim()
        .replace(/^(["'])([^]*)\1$/, '$2')
        .split('\n'),
    )
    .filter((value) => value.length >= shortestSecret)
    .toSorted((a, b) => b.length - a.length);
  return (line) => values.reduce((masked, value) => masked.replaceAll(value, MASK), line);
};
