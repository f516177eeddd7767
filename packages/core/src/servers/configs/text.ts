import { say } from '../../reasons.ts';
import { readJson } from './json.ts';
import { readToml } from './toml.ts';
import { unreadable, type ConfigValue } from './value.ts';
import { readYaml } from './yaml.ts';

const example = '{"mcpServers": {"name": {"command": "npx", "args": ["-y", "some-server"]}}}';

type Format = 'json' | 'toml' | 'yaml';
const readers: Readonly<Record<Format, (text: string) => ConfigValue>> = {
  json: readJson,
  toml: readToml,
  yaml: readYaml,
};

/** A client's config, in JSON, TOML or YAML, also within a Markdown fence. Throws `invalid` with the problem. */
export function readConfig(text: string): ConfigValue {
  const plain = unwrapped(text);
  if (plain.trim() === '') throw unreadable(say('configEmpty', { example }));
  const value = readers[formatOf(plain)](plain);
  if (value === null || typeof value !== 'object') throw unreadable(say('configNoObject', { example }));
  return value;
}

/** Without the mark at its start, and without the fence around it; lines keep their numbers. */
function unwrapped(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/^\s*```[\w-]*(?=[ \t]*\r?\n)/, '')
    .replace(/```\s*$/, '');
}

const longestLine = 4_096;

/**
 * The format by the first line with content. A format that is none of the three is named, where it can be recognised.
 */
function formatOf(text: string): Format {
  const trimmed = text.trimStart();
  if (/^(?:[{"]|\/[/*])/.test(trimmed)) return 'json';
  const line = firstLine(trimmed);
  if (/^\[{1,2}\s*[\w"'-][^[\],{}]*\]{1,2}\s*(?:#|$)/.test(line)) return 'toml';
  if (line.startsWith('[')) return 'json';
  if (/^(?:[\w.-]+|"[^"]*")\s*=/.test(line)) return 'toml';
  if (/^(?:---|%YAML\b)/.test(line) || /^(?:- +)?(?:[\w.@/-]+(?: [\w.@/-]+)*|"[^"]*"|'[^']*')\s*:(?:\s|$)/.test(line))
    return 'yaml';
  if (/^https?:\/\/\S+$/.test(line)) {
    throw unreadable(say('configIsUrl'));
  }
  if (/^(?:\$ +)?(?:npx|uvx|node|python3?|docker|bunx|claude|codex|gemini)\b/.test(line)) {
    throw unreadable(say('configIsCommand'));
  }
  if (line.startsWith('<')) throw unreadable(say('configIsHtml'));
  return 'json';
}

/** The first line that is neither empty nor a comment, as far as it matters. */
function firstLine(text: string): string {
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    const line = text
      .slice(at, end === -1 ? text.length : end)
      .slice(0, longestLine)
      .trim();
    if (line !== '' && !line.startsWith('#')) return line;
    if (end === -1) break;
    at = end + 1;
  }
  return '';
}
