/** One problem of an input, from a validator or the domain. */
export interface InputIssue {
  path: readonly PropertyKey[];
  message: string;
}

const mostIssues = 50;
const longestMessage = 500;
const longestKey = 100;

/** As much of a message as an answer shows. */
export function shownMessage(message: string): string {
  return cut(message, longestMessage);
}

/** The beginning of a text that is longer than it may be. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}

/**
 * As much of a list of issues as an answer shows, whatever was sent: the first ones, with their keys and messages cut,
 * and one without a path that says how many more there are.
 */
export function shownIssues<T extends InputIssue>(issues: readonly T[]): (T | (InputIssue & { code: 'custom' }))[] {
  const shown: (T | (InputIssue & { code: 'custom' }))[] = issues.slice(0, mostIssues).map((issue) => ({
    ...issue,
    path: issue.path.map((key) => (typeof key === 'string' ? cut(key, longestKey) : key)),
    message: shownMessage(issue.message),
  }));
  const more = issues.length - shown.length;
  if (more > 0) shown.push({ path: [], message: `${more} more values are not valid.`, code: 'custom' });
  return shown;
}
