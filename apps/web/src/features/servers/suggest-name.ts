import { splitArgs } from '../../lib/command-line.ts';
import type { Draft, Kind } from './draft-fields.ts';

/** `ghcr.io/acme/mcp-server-files:1` is called `files`. */
function nameOfImage({ container: { image } }: Draft): string {
  const last = image.trim().split('@')[0]?.split('/').at(-1)?.split(':')[0] ?? '';
  return last.replace(/^(mcp-server-|server-|mcp-)/, '').replace(/(-mcp-server|-mcp)$/, '');
}

function nameOfHost({ url }: Draft): string {
  return URL.canParse(url.trim()) ? new URL(url.trim()).hostname : '';
}

/** The package, or the program. */
function nameOfProgram(draft: Draft): string {
  const words = [draft.command, ...splitArgs(draft.args)].filter((word) => word !== '' && !word.startsWith('-'));
  const runner = /(^|\/)(npx|uvx|bunx|pnpx|node|python3?|docker|deno)$/;
  const word = words.find((each) => !runner.test(each)) ?? '';
  const last =
    word
      .replace(/@[^/@]*$/, '')
      .split('/')
      .at(-1) ?? '';
  return last.replace(/\.(m?js|ts|py)$/, '').replace(/^(mcp-server-|server-|mcp-)/, '');
}

const namers: Readonly<Record<Kind, (draft: Draft) => string>> = {
  stdio: nameOfProgram,
  container: nameOfImage,
  sse: nameOfHost,
  'streamable-http': nameOfHost,
  app: ({ app }) => app,
  generated: () => '',
  graph: ({ graph }) => graph,
};

/** A name for people when none was given. */
export function suggestName(draft: Draft): string {
  return namers[draft.kind](draft);
}
