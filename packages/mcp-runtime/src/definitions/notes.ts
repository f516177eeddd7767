import type { ItemType } from '../selection.ts';
import { longestNoted, mostNotes } from './limits.ts';

/** The effect: a part was changed, the item is in no list of several servers, or it is in none. */
export type NoteEffect = 'changed' | 'withheld' | 'left-out';

/** Why; `detail` of the note says what it is about. */
export type NoteReason =
  /** detail: the field. */
  | 'field'
  | 'input-missing'
  | 'input-type'
  | 'input-unusable'
  /** detail: what is wrong with it. */
  | 'output-invalid'
  | 'named-by-uri'
  | 'not-an-object'
  | 'no-name'
  | 'long-name'
  | 'listed-twice'
  | 'too-large'
  | 'too-deep'
  /** detail: how many there may be. */
  | 'too-many'
  /** detail: how many pages are read. */
  | 'too-many-pages'
  | 'catalog-full'
  /** detail: the method. */
  | 'no-list'
  /** detail: the capability. */
  | 'undeclared'
  | 'instructions-cut'
  /** It answers over the other of the two transports for URLs than it was registered with. detail: the kind. */
  | 'other-transport'
  /** More notes than are kept. detail: how many. */
  | 'more';

/** A change of the hub to a definition that strict clients refuse, or that exceeds its bounds. */
export interface CatalogNote {
  /** `server`: what it says of itself, or a list as a whole. */
  type: ItemType | 'server';
  /** Name or URI of the item, cut; null where it has none. */
  name: string | null;
  effect: NoteEffect;
  reason: NoteReason;
  detail: string | null;
}

/** Told of each change of an item. */
export type NoteChange = (reason: NoteReason, detail: string | null) => void;

export interface Notes {
  add(note: CatalogNote): void;
  /** The first of them, and how many more there were. */
  list(): CatalogNote[];
}

function cut(text: string | null): string | null {
  return text?.slice(0, longestNoted).toWellFormed() ?? null;
}

/** Collects notes up to a bounded number. */
export function createNotes(): Notes {
  const kept: CatalogNote[] = [];
  let more = 0;
  return {
    add(note) {
      if (note.reason === 'more') more += Number(note.detail);
      else if (kept.length >= mostNotes) more += 1;
      else kept.push({ ...note, name: cut(note.name), detail: cut(note.detail) });
    },
    list: () =>
      more === 0
        ? kept
        : [...kept, { type: 'server', name: null, effect: 'changed', reason: 'more', detail: String(more) }],
  };
}

const what: Readonly<Record<NoteReason, string>> = {
  field: '{detail} is not what the protocol asks for and was taken out',
  'input-missing': 'it has no inputSchema, and takes any object',
  'input-type': 'its inputSchema does not say "type": "object" and was made to',
  'input-unusable': 'its inputSchema describes no object, which strict clients refuse together with all other tools',
  'output-invalid': 'its outputSchema is not valid ({detail}) and was taken out',
  'named-by-uri': 'it has no name and is called by its title or URI',
  'not-an-object': 'it is not a JSON object',
  'no-name': 'it has no name or URI that is a text',
  'long-name': 'its name or URI is too long',
  'listed-twice': 'it is listed twice, and the first counts',
  'too-large': 'its definition is too large',
  'too-deep': 'its definition is nested too deep',
  'too-many': 'there are more than {detail} in the list',
  'too-many-pages': 'the list has no end after {detail} pages',
  'catalog-full': 'the definitions of the server are too large in all',
  'no-list': 'the answer to {detail} has no list',
  undeclared: 'the server does not declare {detail}, and has some',
  'other-transport':
    'the server answers as one of kind {detail}, though it was registered as another; it is reached that way',
  'instructions-cut': 'the instructions are too long and were cut',
  more: 'there are {detail} more notes',
};

const list: Readonly<Record<CatalogNote['type'], [one: string, many: string]>> = {
  server: ['', ''],
  tool: ['Tool', 'Tools'],
  prompt: ['Prompt', 'Prompts'],
  resource: ['Resource', 'Resources'],
  template: ['Template', 'Templates'],
};

const done: Readonly<Record<NoteEffect, string>> = {
  changed: '',
  withheld: ': withheld from endpoints of several servers',
  'left-out': ': left out',
};

/** The most names in one line of a log, and the characters of each. */
const mostNamed = 5;
const longestNamed = 80;

/** Notes as lines for a server's log: one for all items that the same was done to for the same reason. */
export function noteLines(notes: readonly CatalogNote[]): { level: 'info' | 'warn'; text: string }[] {
  const groups = Map.groupBy(notes, ({ type, effect, reason, detail }) =>
    JSON.stringify([type, effect, reason, detail]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const names = group.flatMap(({ name }) => (name === null ? [] : [JSON.stringify(name.slice(0, longestNamed))]));
    const [one, many] = list[first.type];
    const rest = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
    const who = `${group.length === 1 ? one : many} ${names.slice(0, mostNamed).join(', ')}${rest}`.trim();
    const why = what[first.reason].replace('{detail}', () => first.detail ?? '');
    const text = who === '' ? `${why[0]?.toUpperCase() ?? ''}${why.slice(1)}` : `${who}: ${why}`;
    return [{ level: first.effect === 'changed' ? 'info' : 'warn', text: `${text}${done[first.effect]}` }];
  });
}
