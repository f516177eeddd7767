import { createKept, type NamedEntries } from './named-entries.ts';
import { createReader, nameIn, withoutFence, type Tag, type TellProblem } from './reader.ts';
import type { DraftProblem, DraftReader } from './types.ts';

const bounds = { entries: 64, characters: 1024 * 1024 };
const longestName = 200;
/** Files that a tool may start with. */
const mainFile = /^(?:main_server|server|main)\.(?:py|ts|js|mjs)$/;

/** A tool that is being made in a dialogue; null for what nobody has said yet. */
export interface ToolDraft {
  analysis: string | null;
  todo: string | null;
  folder_name: string | null;
  /** Texts by path. */
  script_files: Record<string, string>;
  dependencies: string | null;
  readme: string | null;
  problems: DraftProblem[];
}

const texts = ['analysis', 'todo', 'folder_name', 'dependencies', 'readme'] as const;
type TextTag = (typeof texts)[number];

function isText(name: string): name is TextTag {
  return (texts as readonly string[]).includes(name);
}

function takeFile({ attributes, body }: Tag, files: NamedEntries<string>, tell: TellProblem): void {
  const name = nameIn(attributes.get('name') ?? attributes.get('path') ?? '');
  if (name === '' || name.length > longestName) {
    tell('script_file', null, `It needs the name of a file, of at most ${longestName} characters: name="main.py".`);
    return;
  }
  const text = `${withoutFence(body)}\n`;
  const full = files.set(name, text, text.length);
  if (full !== null) tell('script_file', name, full);
}

/** Names of packages with blanks between them, however they were listed. */
function dependenciesIn(body: string): string {
  const words = withoutFence(body)
    .split('\n')
    .flatMap((line) => (line.split('#')[0] ?? '').split(/\s+/))
    .map((word) => (word.endsWith(',') ? word.slice(0, -1) : word))
    .filter((word) => !['', '-', '*'].includes(word));
  return words.length === 1 && /^(none|无)$/i.test(words[0] ?? '') ? '' : words.join(' ');
}

/** Reads a dialogue about a new tool, or about a change of an existing one; `before` are earlier thoughts. */
export function createToolReader(
  base: Pick<ToolDraft, 'folder_name' | 'script_files' | 'dependencies' | 'readme'> | null,
  before: Pick<ToolDraft, 'analysis' | 'todo'> = { analysis: null, todo: null },
): DraftReader<ToolDraft> {
  const files = createKept<string>(bounds);
  for (const [path, text] of Object.entries(base?.script_files ?? {})) files.set(path, text, text.length);
  const said: Record<TextTag, string | null> = {
    analysis: before.analysis,
    todo: before.todo,
    folder_name: base?.folder_name ?? null,
    dependencies: base?.dependencies ?? null,
    readme: base?.readme ?? null,
  };
  function take(tag: Tag, tell: TellProblem) {
    const { name, body } = tag;
    if (name === 'script_file') takeFile(tag, files, tell);
    else if (name === 'delete_script_file') files.delete(nameIn(tag.attributes.get('name') ?? body));
    else if (name === 'folder_name') said.folder_name = nameIn(body);
    else if (name === 'dependencies') said.dependencies = dependenciesIn(body);
    else if (isText(name)) said[name] = body.trim();
  }
  return createReader({
    tags: [...texts, 'script_file', 'delete_script_file'],
    take,
    parts: () => ({ ...said, script_files: Object.fromEntries(files.entries()) }),
  });
}

/** The parts that are missing, or could not be read, in the order of the dialogue. */
export function missingOfTool(draft: ToolDraft): string[] {
  const broken = new Set(draft.problems.map(({ tag }) => (tag.endsWith('script_file') ? 'script_files' : tag)));
  const missing = [
    ['analysis', draft.analysis === null],
    ['todo', draft.todo === null],
    ['folder_name', (draft.folder_name ?? '') === ''],
    ['script_files', !Object.keys(draft.script_files).some((name) => mainFile.test(name))],
    // A tool may need none.
    ['dependencies', draft.dependencies === null],
    ['readme', draft.readme === null],
  ] as const;
  return missing.filter(([field, isMissing]) => isMissing || broken.has(field)).map(([field]) => field);
}
