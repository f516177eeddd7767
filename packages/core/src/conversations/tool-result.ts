import type { ContentPart, JsonObject } from '@switchboard/agents';
import { isObject } from '@switchboard/basics';
import { secretMask } from '../servers/schema.ts';

/** The most characters of a result for a model; the length of the rest is stated. */
const mostText = 50_000;
/** Characters of the images of a result, as data URLs. */
const mostImages = 4_000_000;
const mostBlocks = 200;
const imageTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** Shorter ones occur in too many words. */
const shortestSecret = 6;

/**
 * Removes a server's own secrets from its result: a server may reveal them, and a model and its provider are third
 * parties.
 */
export function withoutSecrets<Value>(value: Value, secrets: readonly string[]): Value {
  const long = secrets.filter(({ length }) => length >= shortestSecret);
  if (long.length === 0) return value;
  function clean(part: unknown): unknown {
    if (typeof part === 'string') return long.reduce((text, secret) => text.replaceAll(secret, secretMask), part);
    if (Array.isArray(part)) return part.map(clean);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, entry]) => [clean(name), clean(entry)]));
  }
  return clean(value) as Value;
}

/** Characters of structured content as JSON, and how deep it may lie: the database reads no depth that a server likes. */
const mostStructured = 1_000_000;
const deepest = 64;

function isWithin(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((entry) => isWithin(entry, depth - 1));
}

/** Structured content as it is kept for pages; undefined where there is none, or too much of it. */
export function keptStructured(value: unknown): unknown {
  return isWithin(value, deepest) && (JSON.stringify(value) ?? '').length <= mostStructured ? value : undefined;
}

interface Told {
  content: string | ContentPart[];
  isError: boolean;
  /** Characters that there were, where some were cut. */
  cutFrom: number | null;
}

function imageOf(block: JsonObject): string | null {
  const { type, mimeType, data } = block;
  if (type !== 'image' || typeof mimeType !== 'string' || typeof data !== 'string') return null;
  return imageTypes.has(mimeType) ? `data:${mimeType};base64,${data}` : null;
}

function textOf(block: JsonObject): string {
  const { type, text, uri, resource } = block;
  if (type === 'text' && typeof text === 'string') return text;
  if (type === 'resource_link' && typeof uri === 'string') return `[resource ${uri.slice(0, 2_048)}]`;
  if (type === 'resource' && isObject(resource)) {
    return typeof resource['text'] === 'string'
      ? resource['text']
      : `[resource ${String(resource['uri']).slice(0, 2_048)}]`;
  }
  return typeof type === 'string' ? `[${type.slice(0, 40)}]` : '';
}

/** The result of a tool for a model: whether it succeeded, its text within a bound, its images. */
export function contentOf(result: JsonObject, tool: string): Told {
  const { content, structuredContent, isError } = result;
  const blocks = (Array.isArray(content) ? content : []).slice(0, mostBlocks).filter(isObject);
  const images: string[] = [];
  const texts: string[] = [];
  let imageCharacters = 0;
  for (const block of blocks) {
    const image = imageOf(block);
    imageCharacters += image?.length ?? 0;
    if (image !== null && imageCharacters <= mostImages) images.push(image);
    else texts.push(image === null ? textOf(block) : '[An image is left out: it is too large.]');
  }
  const hasText = texts.some((text) => text !== '');
  const whole = hasText || structuredContent === undefined ? texts.join('\n') : JSON.stringify(structuredContent);
  const isCut = whole.length > mostText;
  const text = isCut
    ? `${whole.slice(0, mostText).toWellFormed()}\n[cut: the result has ${whole.length} characters]`
    : whole;
  const failed = isError === true;
  const said = `${failed ? `Tool ${tool} failed:` : `Tool ${tool} succeeded:`}\n${text}`;
  return {
    content:
      images.length === 0
        ? said
        : [
            { type: 'text', text: said },
            ...images.map((url): ContentPart => ({ type: 'image_url', image_url: { url } })),
          ],
    isError: failed,
    cutFrom: isCut ? whole.length : null,
  };
}
