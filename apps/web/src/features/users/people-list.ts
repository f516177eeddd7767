/** Somebody of a pasted list. */
export interface Listed {
  username: string;
  fullName: string | null;
  email: string | null;
}

const headings = new Set(['username', 'user', 'name', 'email', 'e-mail', 'mail', 'full name', 'fullname']);

function wordsOf(line: string): string[] {
  return line
    .split(/[,;\t]/)
    .map((word) =>
      word
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .trim(),
    )
    .filter(Boolean);
}

function personOf(words: readonly string[]): Listed | null {
  const email = words.find((word) => /^[^@\s]+@[^@\s]+$/.test(word)) ?? null;
  const [first, second = null] = words.filter((word) => word !== email);
  const username = first ?? email?.slice(0, email.indexOf('@'));
  return username === undefined ? null : { username, fullName: second, email };
}

/**
 * Reads people from a list as spreadsheets give it: one a line, user name, full name and address with commas,
 * semicolons or tabs between; an address alone names its user by what stands before the @. A line of headings and
 * names that were there before are left out.
 */
export function parsePeople(text: string): Listed[] {
  const lines = text.split(/\r?\n/).map(wordsOf);
  const people = new Map<string, Listed>();
  for (const [index, words] of lines.entries()) {
    if (index === 0 && words.every((word) => headings.has(word.toLowerCase()))) continue;
    const person = personOf(words);
    const key = person?.username.toLowerCase() ?? '';
    if (person && !people.has(key)) people.set(key, person);
  }
  return [...people.values()];
}

/** The list again, for those who are left. */
export function toLines(people: readonly Listed[]): string {
  return people
    .map(({ username, fullName, email }) => [username, fullName, email].filter((word) => word !== null).join(', '))
    .join('\n');
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** User names and first passwords, for a spreadsheet. */
export function toPasswordCsv(made: readonly { username: string; password: string }[]): string {
  return ['username,password', ...made.map(({ username, password }) => `${csvCell(username)},${csvCell(password)}`)]
    .map((line) => `${line}\r\n`)
    .join('');
}
