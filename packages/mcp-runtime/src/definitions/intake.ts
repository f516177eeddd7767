import { isObject } from '@switchboard/basics';
import type { ItemType, JsonObject } from '../types.ts';
import { mendItem } from './fields.ts';
import { longestName, mostItems } from './limits.ts';
import { measure } from './measure.ts';
import type { NoteChange, NoteReason, Notes } from './notes.ts';
import { tidyInput, tidyOutput } from './tool-schemas.ts';

/** The field of a definition that has its name. */
export const nameOf: Readonly<Record<ItemType, 'name' | 'uri' | 'uriTemplate'>> = {
  tool: 'name',
  prompt: 'name',
  resource: 'uri',
  template: 'uriTemplate',
};

/** The characters that are left for a server's definitions. */
export interface SizeLeft {
  left: number;
}

/** Takes what a server lists of one type, one by one. */
export interface Intake {
  /** False once the list is full and more is of no use. */
  take(raw: unknown): boolean;
  /**
   * The items that strict clients accept, and those that are withheld from lists of several servers, in the order of
   * the server.
   */
  readonly items: JsonObject[];
  /** Names of those withheld. */
  readonly withheld: string[];
}

interface Tidy {
  item: JsonObject;
  withheld: boolean;
}

function tidyTool(tool: JsonObject, changed: NoteChange): Tidy {
  const { inputSchema, outputSchema } = tool;
  const input = tidyInput(inputSchema, changed);
  if (input === null) return { item: tool, withheld: true };
  let item = input === inputSchema ? tool : { ...tool, inputSchema: input };
  if (Object.hasOwn(tool, 'outputSchema')) {
    const output = tidyOutput(outputSchema, changed);
    if (output !== outputSchema) item = { ...item, outputSchema: output };
    if (output === undefined) delete item['outputSchema'];
  }
  return { item, withheld: false };
}

/** A resource needs a name beside its URI. */
function named(item: JsonObject, id: string, changed: NoteChange): JsonObject {
  if (typeof item['name'] === 'string') return item;
  changed('named-by-uri', null);
  return { ...item, name: typeof item['title'] === 'string' ? item['title'] : id };
}

function tidy(type: ItemType, id: string, raw: JsonObject, changed: NoteChange): Tidy {
  const item = mendItem(type, raw, (field) => changed('field', field));
  if (type === 'tool') return tidyTool(item, changed);
  return { item: type === 'prompt' ? item : named(item, id, changed), withheld: false };
}

/**
 * Takes definitions as strict clients demand them: those that need little are mended, tools whose arguments would
 * change are withheld from lists of several servers, and what has no name or is beyond the bounds is left out.
 */
export function createIntake(type: ItemType, room: SizeLeft, notes: Notes): Intake {
  const items: JsonObject[] = [];
  const withheld: string[] = [];
  const known = new Set<string>();
  let full = false;

  function leaveOut(name: string | null, reason: NoteReason, detail: string | null = null): void {
    notes.add({ type, name, effect: 'left-out', reason, detail });
  }
  function stop(name: string | null, reason: NoteReason, detail: string | null = null): void {
    full = true;
    leaveOut(name, reason, detail);
  }

  function place(id: string, raw: JsonObject, size: number): void {
    room.left -= size;
    known.add(id);
    const changes: [NoteReason, string | null][] = [];
    const { item, withheld: apart } = tidy(type, id, raw, (...change) => changes.push(change));
    items.push(item);
    if (apart) withheld.push(id);
    for (const [reason, detail] of changes) notes.add({ type, name: id, effect: 'changed', reason, detail });
    if (apart) notes.add({ type, name: id, effect: 'withheld', reason: 'input-unusable', detail: null });
  }

  return {
    items,
    withheld,
    take(raw) {
      if (full) return false;
      const id = isObject(raw) ? raw[nameOf[type]] : undefined;
      const size = measure(raw);
      if (!isObject(raw)) leaveOut(null, 'not-an-object');
      else if (typeof id !== 'string' || id === '') leaveOut(null, 'no-name');
      else if (id.length > longestName[type]) leaveOut(id, 'long-name');
      else if (typeof size === 'string') leaveOut(id, size);
      else if (known.has(id)) leaveOut(id, 'listed-twice');
      else if (items.length >= mostItems[type]) stop(null, 'too-many', String(mostItems[type]));
      else if (size > room.left) stop(null, 'catalog-full');
      else place(id, raw, size);
      return !full;
    },
  };
}
