import { stringify } from 'yaml';
import { isObject } from '@switchboard/basics';
import { invalidField, isDomainError, messageOf } from '../errors.ts';
import { said, say } from '../reasons.ts';
import { plainOf } from '../servers/configs/value.ts';
import { readYaml } from '../servers/configs/yaml.ts';

/** YAML takes its parser far longer than JSON does: larger documents are given as that. */
const longestYaml = 524_288;

/** The value of a text in JSON or YAML. Throws SyntaxError or `invalid`. */
export function readDocument(text: string): unknown {
  const start = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const isJson = /^\s*[{[]/.test(start);
  return isJson ? (JSON.parse(start) as unknown) : plainOf(readYaml(start, longestYaml));
}

/** An export in YAML, every value of it written out where it stands. */
export function toYaml(exported: object): string {
  return stringify(exported, { aliasDuplicateObjects: false, lineWidth: 0 });
}

/** The apps of a file: a list, or an export of a hub or of the documented API. Refuses a file without a list. */
export function appsOfText(text: string): unknown[] {
  let content: unknown;
  try {
    content = readDocument(text);
  } catch (error) {
    if (!(error instanceof SyntaxError) && !isDomainError(error)) throw error;
    throw invalidField('text', said(messageOf(error)));
  }
  const apps = isObject(content) ? (content['apps'] ?? content['applications']) : content;
  if (!Array.isArray(apps)) throw invalidField('text', say('noAppList'));
  return apps as unknown[];
}

/** Fields as the documented API calls them. */
const words: Readonly<Record<string, string>> = {
  display_name: 'displayName',
  ai_notes: 'aiNotes',
  initial_state: 'initialState',
  input_schema: 'inputSchema',
  output_schema: 'outputSchema',
};

function renamed(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [Object.hasOwn(words, name) ? (words[name] ?? name) : name, entry]),
  );
}

/** An app of a file with the names of fields that the hub has. */
export function inOurWords(entry: unknown): unknown {
  if (!isObject(entry)) return entry;
  const app = renamed(entry);
  const { actions } = app;
  if (!Array.isArray(actions)) return app;
  return { ...app, actions: actions.map((action: unknown) => (isObject(action) ? renamed(action) : action)) };
}
