import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { nodeRoot } from '../../packages/docker/src/testing/testing-node.ts';
import { importImage, openTestEngine, type TestEngine } from '../../packages/docker/src/testing/testing.ts';

export { findTestEngine, suiteTitle } from '../../packages/docker/src/testing/testing.ts';

/** Programs that containers of tests find in `/app`. */
const programs = {
  everything: fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js')),
  faulty: path.join(import.meta.dirname, 'mcp/fault-stdio.ts'),
  pipes: path.join(import.meta.dirname, '../bench/upstream-stdio.ts'),
  scripted: path.join(import.meta.dirname, 'mcp/main.ts'),
  look: path.join(import.meta.dirname, '../../packages/docker/fixtures/look-server.mjs'),
} as const;

export interface ServerImage extends AsyncDisposable {
  engine: TestEngine['engine'];
  /** An image made of nothing but Node and the programs. */
  image: string;
  /** Words that run a program in it. */
  inside(program: keyof typeof programs, ...args: string[]): { command: string; args: string[] };
  /** The same program on this machine. */
  outside(program: keyof typeof programs, ...args: string[]): { command: string; args: string[] };
}

/** Makes an image with MCP servers in it, and the same servers as files. */
export async function makeServerImage(host: string): Promise<ServerImage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'programs-'));
  // Servers of a hub that runs as root are nobody.
  await chmod(folder, 0o755);
  const { outputFiles } = await build({
    entryPoints: { ...programs },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    banner: {
      js: "import { createRequire as requireOf } from 'node:module';const require = requireOf(import.meta.url);",
    },
  });
  for (const { path: file, contents } of outputFiles) await writeFile(file, contents);
  const files = outputFiles.map(({ path: file, contents }) => [path.basename(file), Buffer.from(contents)]);
  const test = await openTestEngine(host);
  const image = `switchboard-test/servers:${test.prefix}`;
  await importImage(test.engine, image, test.labels, await nodeRoot(Object.fromEntries(files)));
  function words(node: string, at: string) {
    return (program: string, ...args: string[]) => ({
      command: node,
      args: [path.join(at, `${program}.mjs`), ...args],
    });
  }
  return {
    engine: test.engine,
    image,
    inside: words('/bin/node', '/app'),
    outside: words(process.execPath, folder),
    [Symbol.asyncDispose]: async () => {
      await test[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
