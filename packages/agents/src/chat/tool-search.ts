import { setBounded } from '@switchboard/basics';
import { parseObject } from '../providers/json.ts';
import type { JsonObject, Message, Tool } from '../types.ts';
import type { ToolOutcome, ToolsPort } from './types.ts';

/** How much of the tools a model is offered at once. */
export interface OfferBounds {
  /** Tokens of their definitions. */
  tokens: number;
  /** Some providers refuse more functions than this. */
  tools: number;
  /** About how many tokens the definition of a tool has. */
  tokensOf(tool: Tool): number;
}

const mostFound = 20;
const usuallyFound = 8;
const mostWords = 16;
const searchedText = 1_000;
/** Messages can come from a client: of searches before these, nothing is looked up again. */
const mostSearches = 12;
const searchedParameters = 50;
const shownText = 200;
const listedNames = 4_000;

/**
 * The same tools behind a search, where their definitions are too many or too long to be offered at once: the model is
 * offered the search, and every tool that it found or called before. Depends on the messages alone, so that a run that
 * is resumed offers the same. A tool that was not found can be called all the same.
 */
export function searchable(port: ToolsPort, bounds: OfferBounds): ToolsPort {
  const total = port.tools.reduce((sum, tool) => sum + bounds.tokensOf(tool), 0);
  if (port.tools.length <= bounds.tools && total <= bounds.tokens) return port;
  const byName = new Map(port.tools.map((tool) => [tool.function.name, tool]));
  const name = freeName(byName);
  const search = searchTool(name, port.tools);
  const found = createFinder(port.tools);

  function offered(messages: readonly Message[]): Tool[] {
    const wanted = new Set(namesIn(messages, name, found).filter((each) => byName.has(each)));
    const chosen = new Set<Tool>();
    let tokens = 0;
    // What was found last is what the model needs now.
    for (const each of [...wanted].toReversed()) {
      const tool = byName.get(each);
      if (!tool) continue;
      tokens += bounds.tokensOf(tool);
      if (tokens > bounds.tokens || chosen.size >= bounds.tools - 1) break;
      chosen.add(tool);
    }
    return [search, ...port.tools.filter((tool) => chosen.has(tool))];
  }
  return {
    tools: [search, ...port.tools],
    offered,
    call: (call, args, signal) =>
      call.function.name === name ? Promise.resolve(outcomeOf(found(args))) : port.call(call, args, signal),
  };
}

function freeName(taken: ReadonlyMap<string, unknown>): string {
  let name = 'search_tools';
  for (let again = 2; taken.has(name); again += 1) name = `search_tools_${again}`;
  return name;
}

function searchTool(name: string, tools: readonly Tool[]): Tool {
  let names = '';
  for (const tool of tools) {
    if (names.length + tool.function.name.length > listedNames) {
      names += ' …';
      break;
    }
    names += `${names === '' ? '' : ', '}${tool.function.name}`;
  }
  return {
    type: 'function',
    function: {
      name,
      description: `There are ${tools.length} tools, too many to describe all of them here. Search for the ones you need by words of their names and descriptions; you can call what is found in your next turn. Their names: ${names}`,
      parameters: {
        type: 'object',
        properties: {
          query: { type: 'string', description: 'Words to look for, or the name of a tool.' },
          limit: { type: 'integer', minimum: 1, maximum: mostFound, description: `Default ${usuallyFound}.` },
        },
        required: ['query'],
      },
    },
  };
}

type Finder = (args: JsonObject) => Tool[];

/** Names of the tools that were found or called so far, the latest last. */
function namesIn(messages: readonly Message[], search: string, found: Finder): string[] {
  const calls = messages.flatMap((message) => (message.role === 'assistant' ? (message.tool_calls ?? []) : []));
  const repeated = new Set(calls.filter(({ function: { name } }) => name === search).slice(-mostSearches));
  return calls.flatMap((call) => {
    const { name, arguments: text } = call.function;
    if (name !== search) return [name];
    const parsed = repeated.has(call) ? parseObject(text) : null;
    return parsed?.ok
      ? found(parsed.value)
          .map((tool) => tool.function.name)
          .toReversed()
      : [];
  });
}

interface Indexed {
  tool: Tool;
  name: string;
  words: ReadonlySet<string>;
  text: string;
}

function wordsOf(text: string): string[] {
  const words = text
    .slice(0, 500)
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]/u);
  return [...new Set(words.filter((word) => word !== ''))].slice(0, mostWords);
}

function indexed(tool: Tool): Indexed {
  const { name, description = '', parameters } = tool.function;
  const properties = parameters?.['properties'];
  const fields = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  const text = [name, description.slice(0, searchedText), ...fields.slice(0, searchedParameters)].join(' ');
  return { tool, name: name.toLowerCase(), words: new Set(wordsOf(name.toLowerCase())), text: text.toLowerCase() };
}

/** Words in the name count most; one that stands by itself counts more than one within another. */
function scoreOf({ name, words: inName, text }: Indexed, words: readonly string[], whole: string): number {
  return words.reduce(
    (sum, word) => {
      if (inName.has(word)) return sum + 8;
      // One or two letters stand in nearly every text.
      if (/^[a-z0-9]{1,2}$/.test(word)) return sum;
      if (name.includes(word)) return sum + 4;
      return text.includes(word) ? sum + 2 : sum;
    },
    name === whole ? 100 : 0,
  );
}

/** Looks for tools; the same question has the same answer. */
function createFinder(tools: readonly Tool[]): Finder {
  let index: Indexed[] | null = null;
  const known = new Map<string, Tool[]>();
  return (args) => {
    const query = typeof args['query'] === 'string' ? args['query'] : '';
    const limit = typeof args['limit'] === 'number' ? args['limit'] : usuallyFound;
    const most = Math.min(mostFound, Math.max(1, Math.trunc(limit)));
    const key = `${most} ${query}`;
    const before = known.get(key);
    if (before) return before;
    index ??= tools.map(indexed);
    const words = wordsOf(query);
    const whole = query.trim().toLowerCase();
    const found = index
      .map((each) => ({ tool: each.tool, score: scoreOf(each, words, whole) }))
      .filter(({ score }) => score > 0)
      .toSorted((a, b) => b.score - a.score)
      .slice(0, most)
      .map(({ tool }) => tool);
    setBounded(known, key, found, 2 * mostSearches);
    return found;
  };
}

function outcomeOf(found: readonly Tool[]): ToolOutcome {
  if (found.length === 0) {
    return { content: 'No tool has these words. Search with others, or with fewer.', isError: false };
  }
  const lines = found.map(({ function: { name, description = '' } }) =>
    `- ${name}: ${description.slice(0, shownText).toWellFormed().replaceAll(/\s/g, ' ')}`.trimEnd(),
  );
  return { content: ['You can call these tools now:', ...lines].join('\n'), isError: false };
}
