import { tidyIdentity } from './definitions/identity.ts';
import { createIntake, type Intake, type SizeLeft } from './definitions/intake.ts';
import { largestCatalog, mostPages } from './definitions/limits.ts';
import { createNotes, type Notes } from './definitions/notes.ts';
import type { ServerIdentity } from './definitions/server-identity.ts';
import { ErrorCode, RpcError } from './rpc.ts';
import type { Catalog, CatalogNote, ItemType, JsonObject } from './types.ts';

interface List {
  type: ItemType;
  capability: 'tools' | 'prompts' | 'resources';
  method: string;
  key: 'tools' | 'prompts' | 'resources' | 'resourceTemplates';
}

const lists: readonly List[] = [
  { type: 'tool', capability: 'tools', method: 'tools/list', key: 'tools' },
  { type: 'prompt', capability: 'prompts', method: 'prompts/list', key: 'prompts' },
  { type: 'resource', capability: 'resources', method: 'resources/list', key: 'resources' },
  { type: 'template', capability: 'resources', method: 'resources/templates/list', key: 'resourceTemplates' },
];

/** Work on a list in a row. */
const sliceMs = 8;
/** How long a server that declares no tools has to say that it has some after all. */
const undeclaredMs = 2000;

export type ListRequest = (method: string, params: JsonObject, limits?: { timeoutMs: number }) => Promise<JsonObject>;

/** One list as it was read. */
interface Read {
  list: List;
  items: JsonObject[];
  withheld: string[];
  notes: CatalogNote[];
}

/** Takes a page a few milliseconds at a time: ten thousand definitions are checked for a tenth of a second. */
async function takePage(part: readonly unknown[], intake: Intake): Promise<boolean> {
  let until = performance.now() + sliceMs;
  for (const item of part) {
    if (!intake.take(item)) return false;
    if (performance.now() < until) continue;
    await new Promise((resolve) => void setImmediate(resolve));
    until = performance.now() + sliceMs;
  }
  return true;
}

/** Reads a list to its end into `intake`; false where an answer has none. */
async function readPages(
  request: ListRequest,
  list: List,
  { intake, notes }: { intake: Intake; notes: Notes },
  timeoutMs?: number,
): Promise<boolean> {
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const limits = timeoutMs === undefined ? undefined : { timeoutMs };
    const result = await request(list.method, cursor === undefined ? {} : { cursor }, limits);
    const part = result[list.key];
    if (!Array.isArray(part)) return false;
    if (!(await takePage(part, intake))) return true;
    const next = result['nextCursor'];
    // An empty cursor asks for the first page again.
    if (typeof next !== 'string' || next === '' || next === cursor) return true;
    cursor = next;
  }
  notes.add({ type: list.type, name: null, effect: 'left-out', reason: 'too-many-pages', detail: String(mostPages) });
  return true;
}

/** Reads one list; what it holds of `room` is given back where it fails. */
async function readList(request: ListRequest, list: List, room: SizeLeft, timeoutMs?: number): Promise<Read> {
  const notes = createNotes();
  const before = room.left;
  const intake = createIntake(list.type, room, notes);
  try {
    if (!(await readPages(request, list, { intake, notes }, timeoutMs))) {
      notes.add({ type: 'server', name: null, effect: 'left-out', reason: 'no-list', detail: list.method });
    }
  } catch (error) {
    room.left = before;
    throw error;
  }
  return { list, items: intake.items, withheld: intake.withheld, notes: notes.list() };
}

/** A list as an earlier catalog has it. */
function known(list: List, previous: Catalog | null): Read {
  const notes = previous?.notes?.filter(
    ({ type, reason, detail }) => type === list.type || (reason === 'no-list' && detail === list.method),
  );
  const withheld = list.type === 'tool' ? previous?.withheld : [];
  return { list, items: previous?.[list.key] ?? [], withheld: withheld ?? [], notes: notes ?? [] };
}

function empty(list: List): Read {
  return { list, items: [], withheld: [], notes: [] };
}

/** Tools of a server that declares none: some forget to. Any failure means that it has none. */
async function readUndeclared(request: ListRequest, list: List, room: SizeLeft): Promise<Read> {
  const read = await readList(request, list, room, undeclaredMs).catch(() => null);
  return read === null || read.items.length === 0 ? empty(list) : read;
}

/** Puts a catalog together; tools that nobody declared are declared, for clients ask for no others. */
function assemble(identity: ServerIdentity, reads: readonly Read[], notes: Notes): Catalog {
  function of(key: List['key']): JsonObject[] {
    return reads.find(({ list }) => list.key === key)?.items ?? [];
  }
  const tools = of('tools');
  const undeclared = tools.length > 0 && identity.capabilities['tools'] === undefined;
  if (undeclared) notes.add({ type: 'server', name: null, effect: 'changed', reason: 'undeclared', detail: 'tools' });
  for (const read of reads) for (const note of read.notes) notes.add(note);
  const withheld = reads.flatMap((read) => read.withheld);
  const noted = notes.list();
  return {
    ...identity,
    capabilities: undeclared ? { ...identity.capabilities, tools: {} } : identity.capabilities,
    tools,
    prompts: of('prompts'),
    resources: of('resources'),
    resourceTemplates: of('resourceTemplates'),
    ...(withheld.length > 0 && { withheld }),
    ...(noted.length > 0 && { notes: noted }),
  };
}

/**
 * Reads every list a server declares, to the last page, and its tools though it declares none. A list that fails
 * while the server declares it keeps what `previous` knew, so one broken list does not empty the others; the first
 * failure is reported. `found` was noted of the connection.
 */
export async function readCatalog(
  said: ServerIdentity,
  request: ListRequest,
  previous: Catalog | null,
  onError: (method: string, error: unknown) => void,
  found: readonly CatalogNote[] = [],
): Promise<Catalog> {
  const notes = createNotes();
  for (const note of found) notes.add(note);
  const identity = tidyIdentity(said, notes);
  const room: SizeLeft = { left: largestCatalog };
  const reads = lists.map(async (list): Promise<Read> => {
    if (identity.capabilities[list.capability] === undefined) {
      return list.type === 'tool' ? readUndeclared(request, list, room) : empty(list);
    }
    try {
      return await readList(request, list, room);
    } catch (error) {
      // Many servers declare a capability and do not know one of its lists; that is no fault worth a line.
      if (error instanceof RpcError && error.code === ErrorCode.methodNotFound) return empty(list);
      if (list.key !== 'resourceTemplates') onError(list.method, error);
      return known(list, previous);
    }
  });
  return assemble(identity, await Promise.all(reads), notes);
}

/** The first notes, and those of the others that say something else. */
function merged(first: readonly CatalogNote[], others: readonly CatalogNote[]): CatalogNote[] {
  const said = new Set(first.map((note) => JSON.stringify(note)));
  return [...first, ...others.filter((note) => !said.has(JSON.stringify(note)))];
}

/** A catalog of an earlier run under the rules of this one: it may have been read before there were any. */
export function tidyCatalog(catalog: Catalog): Catalog {
  const { protocolVersion, supportedVersions, serverInfo, capabilities, instructions, notes: said = [] } = catalog;
  const fresh = createNotes();
  const identity = { protocolVersion, supportedVersions, serverInfo, capabilities, instructions };
  const tidy = tidyIdentity(identity, fresh);
  const room: SizeLeft = { left: largestCatalog };
  const reads = lists.map((list): Read => {
    const notes = createNotes();
    const intake = createIntake(list.type, room, notes);
    catalog[list.key].every((item) => intake.take(item));
    // An item that was mended before is correct now, and its note still applies.
    return {
      list,
      items: intake.items,
      withheld: intake.withheld,
      notes: merged(known(list, catalog).notes, notes.list()),
    };
  });
  const all = createNotes();
  const ofServer = said.filter(({ type, reason }) => type === 'server' && reason !== 'no-list');
  for (const note of merged(ofServer, fresh.list())) all.add(note);
  return assemble(tidy, reads, all);
}

/** Whether two catalogs have the same items, from whatever connection. */
export function sameOffer(a: Catalog | null, b: Catalog): boolean {
  function offer({ capabilities, instructions, tools, prompts, resources, resourceTemplates }: Catalog): string {
    return JSON.stringify([capabilities, instructions, tools, prompts, resources, resourceTemplates]);
  }
  return a !== null && offer(a) === offer(b);
}

export function sameCatalog(a: Catalog | null, b: Catalog): boolean {
  return a !== null && JSON.stringify(a) === JSON.stringify(b);
}
