import { isObject } from '@switchboard/basics';
import type { JsonObject } from './types.ts';

/** Gives another URI for one, or the same. */
export type MapUri = (uri: string) => string;

// Each call's result is searched, and nearly none names a URI: a missing field costs one look-up, and no object is
// copied.

/** The object with another value; itself where it is the same. */
function having<Value extends JsonObject>(value: Value, key: string, after: unknown): Value {
  return after === value[key] ? value : { ...value, [key]: after };
}

function mapText<Value extends JsonObject>(value: Value, key: string, map: MapUri): Value {
  const before = value[key];
  return typeof before === 'string' ? having(value, key, map(before)) : value;
}

function mapList(list: readonly unknown[], map: MapUri, mapItem: (item: JsonObject, map: MapUri) => JsonObject) {
  let mapped: unknown[] | null = null;
  for (let at = 0; at < list.length; at++) {
    const before = list[at];
    if (!isObject(before)) continue;
    const after = mapItem(before, map);
    if (after !== before) (mapped ??= list.slice())[at] = after;
  }
  return mapped ?? list;
}

/** The URIs of the user interface that the `_meta` of a tool names (MCP Apps), in the way of today and in the first one. */
export function interfacesOf({ _meta: meta }: JsonObject): unknown[] {
  if (!isObject(meta)) return [];
  return [isObject(meta['ui']) ? meta['ui']['resourceUri'] : undefined, meta['ui/resourceUri']];
}

/** Maps those URIs, of a tool, a result or a content. */
export function mapMeta<Value extends JsonObject>(value: Value, map: MapUri): Value {
  const { _meta: meta } = value;
  if (!isObject(meta)) return value;
  const { ui } = meta;
  const mapped = isObject(ui) ? having(meta, 'ui', mapText(ui, 'resourceUri', map)) : meta;
  return having(value, '_meta', mapText(mapped, 'ui/resourceUri', map));
}

function mapResource(resource: JsonObject, map: MapUri): JsonObject {
  return mapMeta(mapText(resource, 'uri', map), map);
}

function mapContent(content: JsonObject, map: MapUri): JsonObject {
  const mapped = mapMeta(content, map);
  if (content['type'] === 'resource_link') return mapText(mapped, 'uri', map);
  const { resource } = content;
  return isObject(resource) ? having(mapped, 'resource', mapResource(resource, map)) : mapped;
}

function mapMessage(message: JsonObject, map: MapUri): JsonObject {
  const { content } = message;
  return isObject(content) ? having(message, 'content', mapContent(content, map)) : message;
}

function mapAnswer(result: JsonObject, map: MapUri): JsonObject {
  const { content, messages } = result;
  let mapped = mapMeta(result, map);
  if (Array.isArray(content)) mapped = having(mapped, 'content', mapList(content, map, mapContent));
  if (Array.isArray(messages)) mapped = having(mapped, 'messages', mapList(messages, map, mapMessage));
  return mapped;
}

/** Maps every URI that a result of a tool, a prompt or a task names. */
export function mapNamed(result: JsonObject, map: MapUri): JsonObject {
  const mapped = mapAnswer(result, map);
  // A task that is done holds the result of its call.
  const { result: inner } = result;
  return isObject(inner) ? having(mapped, 'result', mapAnswer(inner, map)) : mapped;
}

/** Maps the URIs of what was read. */
export function mapRead(result: JsonObject, map: MapUri): JsonObject {
  const { contents } = result;
  return Array.isArray(contents) ? having(result, 'contents', mapList(contents, map, mapResource)) : result;
}
