import { partsOf, type CallPart } from '../../ui/rounds/round-parts.ts';
import { readResult } from '../../ui/rounds/tool-result.ts';
import type { Conversation, Round } from './types.ts';

/** Longer than any run of backquotes in the text. */
function fenced(text: string, language: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

function callText({ call, server, tool, result }: CallPart): string {
  const name = server === null ? tool : `${server} / ${tool}`;
  const given = fenced(call.function.arguments, 'json');
  return [`**${name}**`, given, ...(result ? [fenced(readResult(result).text, '')] : [])].join('\n\n');
}

interface Words {
  you: string;
  untitled: string;
}

function roundText(round: Round, { you }: Words): string {
  const files = round.attachments.map(({ name }) => `- ${name}`).join('\n');
  const said = [`## ${you}`, round.content, files].filter((text) => text !== '');
  const answered = partsOf(round, null).map((part) =>
    part.kind === 'call' ? callText(part) : `## ${part.model ?? round.settings.model}\n\n${part.text}`,
  );
  return [...said, ...answered].join('\n\n');
}

/** A conversation to read elsewhere. */
export function toMarkdown({ title }: Pick<Conversation, 'title'>, rounds: readonly Round[], words: Words): string {
  return `${[`# ${title || words.untitled}`, ...rounds.map((round) => roundText(round, words))].join('\n\n')}\n`;
}

/** A name for the file that every system takes. */
export function fileName({ title, id }: Pick<Conversation, 'title' | 'id'>, extension: string): string {
  const plain = title
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60);
  return `${plain || id}.${extension}`;
}
