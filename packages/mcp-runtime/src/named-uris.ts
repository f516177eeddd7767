import { isObject } from './rpc.ts';
import type { JsonObject } from './types.ts';

/** Gives another URI for one, or the same. */
export type MapUri = (uri: string) => string;

/** The value with one field mapped: itself where nothing changes. */
function withField<Value extends JsonObject>(value: Value, key: string, map: (field: unknown) => unknown): Value {
  const before = value[key];
  if (before === undefined) return value;
  const after = map(before);
  return after === before ? value : { ...value, [key]: after };
}

const ofText =
  (map: MapUri) =>
  (value: unknown): unknown =>
    typeof value === 'string' ? map(value) : value;

const ofObject =
  (map: (value: JsonObject) => JsonObject) =>
  (value: unknown): unknown =>
    isObject(value) ? map(value) : value;

function ofList(value: unknown, map: (item: JsonObject) => JsonObject): unknown {
  if (!Array.isArray(value)) return value;
  let mapped: unknown[] | null = null;
  for (let at = 0; at < value.length; at++) {
    const before: unknown = value[at];
    if (!isObject(before)) continue;
    const after = map(before);
    if (after !== before) (mapped ??= value.slice())[at] = after;
  }
  return mapped ?? value;
}

/** The URIs of the user interface that the `_meta` of a tool names (MCP Apps), in the way of today and in the first one. */
export function interfacesOf({ _meta: meta }: JsonObject): unknown[] {
  if (!isObject(meta)) return [];
  return [isObject(meta['ui']) ? meta['ui']['resourceUri'] : undefined, meta['ui/resourceUri']];
}

/** Maps those URIs, of a tool, a result or a content. */
export function mapMeta<Value extends JsonObject>(value: Value, map: MapUri): Value {
  return withField(
    value,
    '_meta',
    ofObject((meta) => {
      const ui = ofObject((each) => withField(each, 'resourceUri', ofText(map)));
      return withField(withField(meta, 'ui', ui), 'ui/resourceUri', ofText(map));
    }),
  );
}

function mapContent(content: JsonObject, map: MapUri): JsonObject {
  const mapped = mapMeta(content, map);
  if (mapped['type'] === 'resource_link') return withField(mapped, 'uri', ofText(map));
  return withField(
    mapped,
    'resource',
    ofObject((resource) => mapMeta(withField(resource, 'uri', ofText(map)), map)),
  );
}

/** Maps every URI that a result of a tool, a prompt or a task names. */
export function mapNamed(result: JsonObject, map: MapUri): JsonObject {
  let mapped = mapMeta(result, map);
  mapped = withField(mapped, 'content', (list) => ofList(list, (content) => mapContent(content, map)));
  mapped = withField(mapped, 'messages', (list) =>
    ofList(list, (message) =>
      withField(
        message,
        'content',
        ofObject((content) => mapContent(content, map)),
      ),
    ),
  );
  // A task that is done holds the result of its call.
  return withField(
    mapped,
    'result',
    ofObject((inner) => (inner['result'] === undefined ? mapNamed(inner, map) : inner)),
  );
}

/** Maps the URIs of what was read. */
export function mapRead(result: JsonObject, map: MapUri): JsonObject {
  return withField(result, 'contents', (list) =>
    ofList(list, (contents) => mapMeta(withField(contents, 'uri', ofText(map)), map)),
  );
}
