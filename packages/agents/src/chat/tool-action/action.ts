import { isObject } from '@switchboard/basics';
import { objectIn } from '../../providers/json.ts';
import type { JsonObject, Tool } from '../../types.ts';
import { attributesOf, isSpace } from '../markup.ts';
import type { TagEvent } from '../tags.ts';
import { typedArguments, type WrittenParameter } from './typing.ts';

/** A call as a model wrote it, in the form of OpenAI's. */
export interface WrittenCall {
  name: string;
  arguments: string;
}

/** A text with this start is no JSON, so that it is never taken for arguments. */
const unreadable = '<tool_action>';

/** Reads an action. An unreadable action gets invalid arguments: the check of arguments reports it to the model. */
export function callOf(tag: Exclude<TagEvent, { type: 'text' }>, tools: ReadonlyMap<string, Tool>): WrittenCall {
  const name = tag.attributes.get('name') ?? '';
  const body = tag.body.trim();
  if (tag.type === 'broken') return { name, arguments: unreadable + tag.body };
  if (body.startsWith('{')) return { name, arguments: body };
  const given = parametersOf(body);
  if (given === null) return { name, arguments: unreadable + body };
  return { name, arguments: JSON.stringify(typedArguments(given, schemasOf(tools.get(name)))) };
}

/** The action as it was written where its arguments could not be read. */
export function unreadBody(text: string): string {
  return text.startsWith(unreadable) ? text.slice(unreadable.length) : text;
}

/** The schemas of a tool's parameters, by name. */
export function schemasOf(tool: Tool | undefined): ReadonlyMap<string, JsonObject> {
  const properties = objectIn(tool?.function.parameters?.['properties']);
  return new Map(Object.entries(properties).filter((entry): entry is [string, JsonObject] => isObject(entry[1])));
}

/**
 * The elements of an action, `<name value="…" />` or `<name>text</name>`, one behind the other; null where one is not
 * closed. Text between them says nothing.
 */
function parametersOf(body: string): WrittenParameter[] | null {
  const given: WrittenParameter[] = [];
  for (let at = body.indexOf('<'); at !== -1; at = body.indexOf('<', at)) {
    const end = endOfTag(body, at + 1);
    if (end === -1) return null;
    const head = body.slice(at + 1, end);
    at = end + 1;
    const name = /^[^\s/=<>"'!?]+/.exec(head)?.[0] ?? '';
    if (name === '') continue;
    const value = attributesOf(head.slice(name.length)).get('value');
    if (head.endsWith('/')) {
      given.push({ name, text: value ?? '' });
      continue;
    }
    const close = body.indexOf(`</${name}>`, at);
    if (close === -1) return null;
    given.push({ name, text: value ?? withoutFrame(body.slice(at, close)) });
    at = close + name.length + 3;
  }
  return given;
}

/** The end of a tag that starts before this place: a `>` outside of quotes. */
function endOfTag(text: string, from: number): number {
  let quote = '';
  let last = '';
  for (let at = from; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '>') return at;
    else if ((char === '"' || char === "'") && last === '=') quote = char;
    if (!isSpace(char)) last = char;
  }
  return -1;
}

/** Models write long texts on lines of their own: the line ends behind and before the tags are not part of them. */
function withoutFrame(text: string): string {
  const from = text.startsWith('\r\n') ? 2 : text.startsWith('\n') ? 1 : 0;
  const end = text.lastIndexOf('\n');
  const isFramed = end >= from && text.slice(end).trim() === '';
  return isFramed ? text.slice(from, text[end - 1] === '\r' && end > from ? end - 1 : end) : text.slice(from);
}
