import { trimBlanks } from './dockerfile-bytes.ts';
import { readLines, type Instruction } from './dockerfile-lines.ts';
import { ofTheBuilder, variablesOf, wordsOf } from './dockerfile-words.ts';

/** The images and files that a build reads besides its context. */
export interface BuildReads {
  /** Images, as they are named; each once. */
  images: string[];
  /** The parts that are unclear from the text, or read more than images: one sentence each, with its line. */
  unclear: string[];
}

export interface BuildSettings {
  /** Values that the build is given for its ARGs. */
  args?: Readonly<Record<string, string>>;
  /** Names of additional contexts, which are checked by themselves. */
  contexts?: readonly string[];
}

/** The one frontend that is the engine's own language, by its name on the default registry. */
const ownFrontend = /^docker\/dockerfile(?::1(?:[.-][\w.-]{1,64})?)?$/;
const largest = 262_144;

interface State {
  /** Values that the build is given for its ARGs. */
  given: Readonly<Record<string, string>>;
  contexts: ReadonlySet<string>;
  images: Set<string>;
  unclear: string[];
  /** Null for an ARG without a value. */
  args: Map<string, string | null>;
  /** Number of the first stage of each name, in lower case. */
  stages: Map<string, number>;
  /** How many FROMs came before: 0 as long as ARGs count for them. */
  begun: number;
}

/**
 * Finds the images that a Dockerfile reads: in FROM, COPY --from, RUN --mount and the same behind ONBUILD. Reads
 * strictly: builders differ in odd places, so unusual lines are reported as unclear instead of guessed.
 */
export function readDockerfile(text: string, settings: BuildSettings = {}): BuildReads {
  if (text.length > largest) return { images: [], unclear: ['The Dockerfile is larger than 256 KB.'] };
  const { instructions, syntax, unclear } = readLines(text);
  const state: State = {
    given: settings.args ?? {},
    contexts: new Set(settings.contexts),
    images: new Set(),
    unclear,
    args: new Map(),
    stages: new Map(),
    begun: 0,
  };
  if (syntax !== null) {
    if (ownFrontend.test(syntax)) state.images.add(syntax);
    else state.unclear.push(`Its syntax is read by the image "${syntax}".`);
  }
  for (const instruction of instructions) readInstruction(state, instruction);
  return { images: [...state.images], unclear: state.unclear };
}

/** The same for the instructions that an image brings along for builds on it. */
export function readTriggers(triggers: readonly string[]): BuildReads {
  // One by one, as builders read them: no line continues in the next one.
  const reads = triggers.map((trigger) => readDockerfile(`FROM scratch\n${trigger}`));
  const odd = triggers.some((trigger) => trigger.includes('\n'));
  const unclear = reads.flatMap((read) => read.unclear);
  return {
    images: [...new Set(reads.flatMap(({ images }) => images))],
    unclear: odd ? [...unclear, 'An instruction goes over several lines.'] : unclear,
  };
}

function readInstruction(state: State, { keyword, rest, line }: Instruction): void {
  function tell(what: string) {
    void state.unclear.push(`Line ${line}: ${what}`);
  }
  switch (keyword) {
    case 'ARG':
      if (state.begun === 0) readArg(state, rest, tell);
      return;
    case 'FROM':
      readFrom(state, rest, tell);
      return;
    case 'COPY':
      for (const [name, value] of flagsOf(rest, tell)) if (name === 'from') readSource(state, value, tell);
      return;
    case 'ADD':
      readAdd(rest, tell);
      return;
    case 'RUN':
      readRun(state, rest, tell);
      return;
    case 'ONBUILD': {
      const [word = '', ...more] = wordsOf(rest);
      const inner = word.toUpperCase();
      if (inner === 'FROM' || inner === 'ONBUILD' || rest.includes('<<')) tell(`ONBUILD ${inner} is not plain.`);
      else if (inner !== 'ARG') readInstruction(state, { keyword: inner, rest: more.join(' '), line });
    }
  }
}

const argName = /^[A-Za-z_]\w*$/;

/** An ARG before the first FROM: whatever is not plain in it would make a default count that the reader leaves out. */
function readArg(state: State, rest: string, tell: (what: string) => void): void {
  const [word = '', ...others] = wordsOf(rest);
  const at = word.indexOf('=');
  const name = at === -1 ? word : word.slice(0, at);
  const told = `ARG ${name.slice(0, 200)}`;
  const value = at === -1 ? null : variablesOf(unquoted(word.slice(at + 1)), state.args);
  // Some builders replace variables in all words of a line before the first one counts.
  if (others.length > 0) tell(`${told} is followed by other words.`);
  if (!argName.test(name) || ofTheBuilder.test(name)) tell(`${told} is not plain.`);
  else if (state.args.has(name)) tell(`${told} is there twice.`);
  else if (at !== -1 && value === null) tell(`${told} has no plain value.`);
  state.args.set(name, Object.hasOwn(state.given, name) ? (state.given[name] ?? null) : value);
}

function unquoted(word: string): string {
  const quote = word[0];
  const closed = word.length >= 2 && (quote === '"' || quote === "'") && word.endsWith(quote);
  // Text in single quotes is not expanded, so it stays odd where it contains variables.
  return closed && !(quote === "'" && word.includes('$')) ? word.slice(1, -1) : word;
}

function readFrom(state: State, rest: string, tell: (what: string) => void): void {
  const words = wordsOf(rest);
  if (/^--platform=[^"'\\`]*$/.test(words[0] ?? '')) words.shift();
  const [asked = '', as, stage] = words;
  const plain = (words.length === 1 || (words.length === 3 && as?.toUpperCase() === 'AS')) && !asked.startsWith('--');
  const image = plain ? variablesOf(unquoted(asked), state.args) : null;
  if (image === null || image === '') tell(`FROM ${asked.slice(0, 200)} does not tell plainly which image it reads.`);
  else if (image !== 'scratch') addSource(state, image, state.begun, tell);
  // A name counts from the next stage on, so it goes in after the image was looked for.
  const name = stage?.toLowerCase();
  if (name !== undefined && !state.stages.has(name)) state.stages.set(name, state.begun);
  state.begun += 1;
}

/** A name behind `from=`, where no builder replaces variables in the same way. */
function readSource(state: State, source: string, tell: (what: string) => void): void {
  // The own stage is not finished, so that builders look for an image of its name.
  const finished = state.begun - 1;
  if (/^\d+$/.test(source) && Number(source) < finished) return;
  if (/[$"'\\`]/.test(source) || source === '')
    tell(`from=${source.slice(0, 200)} does not tell plainly what it reads.`);
  else addSource(state, source, finished, tell);
}

/** Takes a name for that of an image, unless one of the first `finished` stages or an additional context has it. */
function addSource(state: State, name: string, finished: number, tell: (what: string) => void): void {
  if ((state.stages.get(name.toLowerCase()) ?? finished) < finished) return;
  // Builders take other spellings of a context's name (capitals, a tag, a registry) for an image.
  if (/^[a-z0-9][\w.-]*$/.test(name) && state.contexts.has(name)) return;
  if (!/^[\w./:@-]+$/.test(name)) tell(`"${name.slice(0, 200)}" is no image name.`);
  else state.images.add(name);
}

/** The flags before an instruction's words. */
function flagsOf(rest: string, tell: (what: string) => void): [string, string][] {
  const flags: [string, string][] = [];
  for (const word of wordsOf(rest)) {
    if (!word.startsWith('--')) break;
    const at = word.indexOf('=');
    if (/["'\\`]/.test(word)) tell(`${word.slice(0, 200)} is not plain.`);
    flags.push([word.slice(2, at === -1 ? undefined : at).toLowerCase(), at === -1 ? '' : word.slice(at + 1)]);
  }
  return flags;
}

function readRun(state: State, rest: string, tell: (what: string) => void): void {
  for (const [name, value] of flagsOf(rest, tell)) {
    if (name === 'network' && (value === 'default' || value === 'none')) continue;
    if (name !== 'mount') {
      tell(`RUN --${name.slice(0, 200)} is not looked at.`);
      continue;
    }
    for (const field of value.split(',')) {
      const [key = '', ...more] = field.split('=');
      if (trimBlanks(key).toLowerCase() === 'from') readSource(state, trimBlanks(more.join('=')), tell);
    }
  }
}

const plainStart = /^(?:\.{0,2}\/|[\w.+@~-]+(?:\/|$)|[\w.-]*[*?[])/;

function readAdd(rest: string, tell: (what: string) => void): void {
  flagsOf(rest, tell);
  const words = wordsOf(rest).filter((word) => !word.startsWith('--'));
  const sources = words[0]?.startsWith('[') === true ? listOf(words.join(' ')) : words.slice(0, -1);
  function isOdd(source: string) {
    return !source.startsWith('<<') && (!plainStart.test(source) || /["'\\`]/.test(source));
  }
  const odd = sources === null ? rest : sources.find(isOdd);
  if (odd === undefined) return;
  tell(`ADD ${odd.slice(0, 200)} may fetch from an address: copy a file instead.`);
}

/** The sources of the form in JSON; null where it is none. */
function listOf(text: string): string[] | null {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list.slice(0, -1) : null;
  } catch {
    return null;
  }
}
