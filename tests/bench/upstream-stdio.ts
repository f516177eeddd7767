import { answer, type Json, toolTable } from './tools.ts';

/** The cheapest MCP server over stdio: no SDK. `node upstream-stdio.ts [tools]`. */
const tools = toolTable(Number(process.argv[2] ?? 1));

let held = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk: string) => {
  const lines = (held + chunk).split('\n');
  held = lines.pop() ?? '';
  const replies = lines.filter((line) => line !== '').map((line) => answer(JSON.parse(line) as Json, tools));
  const out = replies.filter((reply) => reply !== null).map((reply) => `${JSON.stringify(reply)}\n`);
  if (out.length > 0) process.stdout.write(out.join(''));
});
process.stdin.on('end', () => process.exit(0));
