import {
  isAlias,
  isMap as isYamlMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
} from 'yaml';
import { isObject } from '@switchboard/basics';
import { invalid } from '../errors.ts';

/** Tags under which we and Compose read the same. */
const plainTags = /^(?:tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq|merge)|!(?:reset|override)?)$/;
/** The characters that decide how long the parser takes. */
const structureMarks = new Set(Array.from('\n,:[]{}!&"\'', (mark) => mark.charCodeAt(0)));
const mostMarks = 60_000;
const deepest = 100;
/** The most values of a text, with every alias expanded. */
const mostValues = 500_000;
/** The parser looks through all of them for each. */
const mostAliases = 10_000;

type Content = readonly Readonly<Record<string, unknown>>[];

/** One look at a stack reads its few texts a dozen times, and a large text takes a while. */
const remembered = new Map<string, Content>();
const mostRemembered = 4;

/** A stack's content as data: one value per YAML document. Throws DockerError `invalid` with the line at fault. */
export function parseComposeText(text: string): Content {
  const content = remembered.get(text) ?? parse(text);
  remembered.delete(text);
  remembered.set(text, content);
  for (const oldest of remembered.keys()) {
    if (remembered.size <= mostRemembered) break;
    remembered.delete(oldest);
  }
  return content;
}

function parse(text: string): Content {
  requireModest(text);
  // The parser's search for repeated keys takes time that grows with the square of their number.
  const lineCounter = new LineCounter();
  const options = { merge: true, uniqueKeys: false, logLevel: 'error', lineCounter } as const;
  // For each error the parser would cut the line out where it is, and a hostile text has one in each word.
  const documents = parseAllDocuments(text, { ...options, prettyErrors: false });
  const list = Array.isArray(documents) ? documents : [];
  const wrong = list.flatMap(({ errors }) => errors)[0];
  if (wrong !== undefined) {
    const { line, col } = lineCounter.linePos(wrong.pos[0]);
    throw invalid('content', `no YAML: ${wrong.message} at line ${line}, column ${col}.`);
  }
  for (const document of list) requirePlain(document, text);
  const values = list.map(toValue);
  if (values.length === 0 || !values.every(isObject)) {
    throw invalid('content', 'has to be a Compose file: a map with `services`.');
  }
  if (!values.some(({ services, include }) => isObject(services) || include !== undefined)) {
    throw invalid('content', 'names no services: a Compose file has a map `services`.');
  }
  return values;
}

function requireModest(text: string): void {
  let marks = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (structureMarks.has(text.charCodeAt(at))) marks += 1;
  }
  if (marks > mostMarks) {
    throw invalid(
      'content',
      `is too long: ${mostMarks} line ends, commas, colons, brackets, quotes, tags and anchors may be in it.`,
    );
  }
}

/** Refuses repeated keys, tags that this parser reads differently than Compose, and aliases that expand to too much. */
function requirePlain(document: Document, text: string): void {
  /** The number of values under each anchor before the place at hand. */
  const anchors = new Map<string, number>();
  let aliases = 0;

  function sizeOf(node: unknown, depth: number): number {
    if (depth > deepest) throw invalid('content', `is nested more than ${deepest} levels deep.`);
    if (!isNode(node)) return 1;
    if (isAlias(node)) {
      aliases += 1;
      if (aliases > mostAliases) throw invalid('content', `uses more than ${mostAliases} aliases.`);
      return anchors.get(node.source) ?? 1;
    }
    refuseTag(node.tag);
    let size = 1;
    if (isYamlMap(node)) {
      refuseTwice(node.items, text);
      for (const { key, value } of node.items) size += sizeOf(key, depth + 1) + sizeOf(value, depth + 1);
    } else if (isSeq(node)) {
      for (const item of node.items) size += sizeOf(item, depth + 1);
    }
    if (size > mostValues) throw invalid('content', `stands for more than ${mostValues} values.`);
    if ('anchor' in node && typeof node.anchor === 'string') anchors.set(node.anchor, size);
    return size;
  }
  sizeOf(document.contents, 0);
}

// Compose reads `!!binary` as the text behind it, which no check of the written text would see.
function refuseTag(tag: string | undefined): void {
  if (tag === undefined || plainTags.test(tag)) return;
  const name = tag.replace('tag:yaml.org,2002:', '!!');
  throw invalid('content', `holds the tag ${name}: write the value out without it.`);
}

function refuseTwice(pairs: readonly { key: unknown }[], text: string): void {
  const seen = new Set<unknown>();
  for (const { key } of pairs) {
    if (!isScalar(key)) continue;
    if (seen.has(key.value)) {
      const line = text.slice(0, key.range?.[0] ?? 0).split('\n').length;
      throw invalid(
        'content',
        `no YAML: the key "${String(key.value).slice(0, 80)}" stands twice in one map, again in line ${line}.`,
      );
    }
    seen.add(key.value);
  }
}

function toValue(document: Document): unknown {
  try {
    // The expansion of aliases is bounded already.
    return document.toJS({ maxAliasCount: -1 });
  } catch (error) {
    throw invalid('content', `no YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}
