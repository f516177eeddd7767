import { parseArgs } from 'node:util';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { startReference } from './http.ts';
import { createReference } from './reference.ts';

/** `node main.ts [--port N]` serves HTTP and prints the URL; `node main.ts --stdio` serves both eras over stdio. */
const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, stdio: { type: 'boolean' } } });

if (values.stdio === true) {
  const silent = { toolsChanged: () => {}, promptsChanged: () => {} };
  serveStdio(createReference(silent, { pinned: true }).create);
} else {
  const running = await startReference(Number(values.port));
  process.stdout.write(`${running.url}\n`);
  process.once('SIGTERM', () => void running.close());
}
