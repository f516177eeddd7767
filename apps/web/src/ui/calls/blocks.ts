import { isObject } from '@switchboard/basics';

/** Reads content blocks of results; whatever is not understood is shown as JSON. */

export type Block =
  | { kind: 'text'; text: string }
  | { kind: 'image' | 'audio'; src: string; mimeType: string; size: number }
  | { kind: 'resource'; uri: string; mimeType: string | null; text: string | null; blob: string | null }
  | { kind: 'link'; uri: string; name: string; description: string | null }
  | { kind: 'other'; value: unknown };

type Raw = { [key: string]: unknown };

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

const imageTypes = /^image\/(png|jpeg|gif|webp|avif|bmp|svg\+xml)$/;
const audioTypes = /^audio\/[\w.+-]+$/;

/** Size in bytes of base64 data. */
export function base64Size(data: string): number {
  return Math.floor((data.length * 3) / 4) - (data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0);
}

/** A data URL the page may show as an image; anything else gives null. */
export function imageSource(data: string | null, mimeType: string | null): string | null {
  if (data === null || mimeType === null || !imageTypes.test(mimeType)) return null;
  return /^[\w+/=\s-]*$/.test(data) ? `data:${mimeType};base64,${data}` : null;
}

function media(raw: Raw, kind: 'image' | 'audio'): Block {
  const data = text(raw['data']);
  const mimeType = text(raw['mimeType']) ?? '';
  const known = kind === 'image' ? imageTypes.test(mimeType) : audioTypes.test(mimeType);
  if (data === null || !known || !/^[\w+/=\s-]*$/.test(data)) return { kind: 'other', value: raw };
  return { kind, src: `data:${mimeType};base64,${data}`, mimeType, size: base64Size(data) };
}

export function toResource(raw: unknown): Block {
  if (!isObject(raw) || text(raw['uri']) === null) return { kind: 'other', value: raw };
  return {
    kind: 'resource',
    uri: text(raw['uri']) ?? '',
    mimeType: text(raw['mimeType']),
    text: text(raw['text']),
    blob: text(raw['blob']),
  };
}

export function toBlock(raw: unknown): Block {
  if (!isObject(raw)) return { kind: 'other', value: raw };
  switch (raw['type']) {
    case 'text':
      return { kind: 'text', text: text(raw['text']) ?? '' };
    case 'image':
    case 'audio':
      return media(raw, raw['type']);
    case 'resource':
      return toResource(raw['resource']);
    case 'resource_link': {
      const uri = text(raw['uri']) ?? '';
      const name = text(raw['title']) ?? text(raw['name']) ?? uri;
      return { kind: 'link', uri, name, description: text(raw['description']) };
    }
    default:
      return { kind: 'other', value: raw };
  }
}

export function toList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
