import { isObject } from '@switchboard/basics';
import type { ItemType, JsonObject } from '../types.ts';

/** The value as it is where clients take it, another in its place, or undefined where the field has to go. */
type Mend = (value: unknown) => unknown;
type Fields = Readonly<Record<string, Mend>>;

function only(holds: (value: unknown) => boolean): Mend {
  return (value) => (holds(value) ? value : undefined);
}

const text = only((value) => typeof value === 'string');
const flag = only((value) => typeof value === 'boolean');
const number = only(Number.isFinite);
const object = only(isObject);
function oneOf(...words: readonly unknown[]): Mend {
  return only((value) => words.includes(value));
}
function listOf(holds: (value: unknown) => boolean): Mend {
  return only((value) => Array.isArray(value) && value.every(holds));
}

function part(fields: Fields): Mend {
  return (value) => (isObject(value) ? mendFields(value, fields, () => undefined) : undefined);
}

/** A list without the entries that are no objects or lack what they need; the same list where nothing is wrong. */
function parts(needed: string, fields: Fields): Mend {
  return (value) => {
    if (!Array.isArray(value)) return undefined;
    const kept = value.flatMap((each: unknown) => {
      const mended = part(fields)(each);
      return isObject(mended) && typeof mended[needed] === 'string' ? [mended] : [];
    });
    return kept.length === value.length && kept.every((each, at) => each === value[at]) ? value : kept;
  };
}

const dateTime =
  /^(\d{4})-(\d{2})-(\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

function isDateTime(value: unknown): boolean {
  const match = typeof value === 'string' ? dateTime.exec(value) : null;
  if (match === null) return false;
  const [year, month, day] = match.slice(1).map(Number);
  const date = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day));
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day;
}

const shown: Fields = {
  title: text,
  description: text,
  icons: parts('src', {
    src: text,
    mimeType: text,
    sizes: listOf((size) => typeof size === 'string'),
    theme: oneOf('light', 'dark'),
  }),
  _meta: object,
};

const annotations = part({
  audience: listOf((role) => role === 'user' || role === 'assistant'),
  priority: only((value) => typeof value === 'number' && value >= 0 && value <= 1),
  lastModified: only(isDateTime),
});

const fieldsByType: Readonly<Record<ItemType, Fields>> = {
  tool: {
    ...shown,
    annotations: part({
      title: text,
      readOnlyHint: flag,
      destructiveHint: flag,
      idempotentHint: flag,
      openWorldHint: flag,
    }),
    execution: part({ taskSupport: oneOf('required', 'optional', 'forbidden') }),
  },
  prompt: {
    ...shown,
    arguments: parts('name', { name: text, title: text, description: text, required: flag }),
  },
  resource: { ...shown, mimeType: text, size: number, annotations },
  template: { ...shown, mimeType: text, annotations },
};

/** The fields of a server's own description of itself. */
export const serverInfo: Fields = { ...shown, websiteUrl: text };

/**
 * A copy without what strict clients refuse; the same object where there is nothing of the kind. Clients refuse a list
 * for one value that is wrong, and a field is more than they need: what is unknown to them passes.
 */
export function mendFields(value: JsonObject, fields: Fields, changed: (field: string) => void): JsonObject {
  let mended = value;
  for (const [field, mend] of Object.entries(fields)) {
    if (!Object.hasOwn(value, field)) continue;
    const better = mend(value[field]);
    if (better === value[field]) continue;
    if (mended === value) mended = { ...value };
    if (better === undefined) delete mended[field];
    else mended[field] = better;
    changed(field);
  }
  return mended;
}

/** `mendFields` for an item. */
export function mendItem(type: ItemType, item: JsonObject, changed: (field: string) => void): JsonObject {
  return mendFields(item, fieldsByType[type], changed);
}
