import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RunnableTool } from '@switchboard/core/generated-tools';
import { say } from '@switchboard/core/reasons';
import { type GeneratedWays, type Link, type LinkContext, LinkError, type LinkEvents } from '@switchboard/mcp-runtime';

const heapMb = 192;
const mostMb = 256;
const lookEveryMs = 100;

/** Folders of tools that run in Deno. */
export interface DenoFolders {
  /** Writes a tool down where every account may read it whose name it knows. */
  open(tool: RunnableTool): Promise<{ files: string; map: string; remove(): Promise<void> }>;
}

/** `root`: of this hub alone. Files of an earlier run are removed with the first tool. */
export function createDenoFolders(root: string): DenoFolders {
  let swept: Promise<void> | null = null;
  async function sweep(): Promise<void> {
    await mkdir(root, { recursive: true });
    // Passed through, and not listed.
    await chmod(root, 0o711);
    for (const name of await readdir(root)) await rm(path.join(root, name), { recursive: true, force: true });
  }
  return {
    async open({ files }) {
      swept ??= sweep();
      await swept;
      const place = await mkdtemp(path.join(root, 'tool-'));
      await chmod(place, 0o711);
      const folder = path.join(place, 'files');
      for (const { path: name, text } of files) {
        const file = path.join(folder, name);
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, text, { mode: 0o444 });
      }
      const map = path.join(place, 'imports.json');
      await writeFile(map, JSON.stringify(importMap(folder)), { mode: 0o444 });
      return { files: folder, map, remove: () => rm(place, { recursive: true, force: true }) };
    },
  };
}

/**
 * Deno reads static imports of a module without a permission, as JSON and as text too. Every path outside of the folder
 * becomes a network address here, which is refused.
 */
function importMap(folder: string): { imports: Record<string, string> } {
  const own = `${pathToFileURL(folder).href}/`;
  return { imports: { 'file:///': 'https://outside.invalid/', [own]: own } };
}

const flags = ['--quiet', '--no-prompt', '--no-config', '--no-lock', '--no-remote', '--no-npm', '--cached-only'];
const env = {
  // No cache: there is nothing to fetch.
  DENO_DIR: '/nonexistent',
  DENO_NO_PACKAGE_JSON: '1',
  DENO_NO_UPDATE_CHECK: '1',
  NO_COLOR: '1',
};

export interface DenoRun {
  program: string;
  tool: RunnableTool;
  ownUid: number | null;
  folders: DenoFolders;
  open: GeneratedWays['process'];
}

/**
 * Runs a tool in Deno: it may read its own files and nothing else, not even the network. SQLite in Deno writes
 * temporary files without a permission, so the system allows it none (where `prlimit` exists); pipes are no files.
 */
export async function openInDeno(
  { program, tool, ownUid, folders, open }: DenoRun,
  context: LinkContext,
  events: LinkEvents,
): Promise<Link> {
  const { files, map, remove } = await folders.open(tool);
  if (tool.hosts.length > 0) {
    events.log('warn', 'hub', `It reaches none of its hosts (${tool.hosts.join(', ')}): only containers reach any.`);
  }
  let watch: NodeJS.Timeout | undefined;
  let isOver = false;
  let isGone = false;
  const heard: LinkEvents = {
    ...events,
    closed(error) {
      isGone = true;
      clearInterval(watch);
      void remove();
      events.closed(isOver ? new LinkError('closed', say('toolMemory', { size: mostMb })) : error);
    },
  };
  try {
    const read = files.includes(',') ? [] : [`--allow-read=${files}`];
    const options = [...flags, ...read, `--import-map=${map}`, `--v8-flags=--max-old-space-size=${heapMb}`];
    const args = ['run', ...options, path.join(files, tool.main)];
    const launch = { kind: 'stdio' as const, command: program, args, env, cwd: files, ownUid, fileBytes: 0 };
    const link = await open(launch, context, heard);
    await endFirst(link.pid);
    watch = setInterval(() => {
      void residentMb(link.pid).then((size) => {
        if (size <= mostMb || isOver) return;
        isOver = true;
        void link.close({ graceMs: 0 });
      });
    }, lookEveryMs);
    watch.unref();
    if (isGone) clearInterval(watch);
    return link;
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Where the machine runs out of memory between two checks, the system kills this process and not the hub. */
async function endFirst(pid: number | null): Promise<void> {
  if (pid === null) return;
  // Not every system has the file, and not every container may write it.
  await writeFile(`/proc/${pid}/oom_score_adj`, '1000', { flag: 'r+' }).catch(() => undefined);
}

/** The resident memory of a process; 0 where it has ended. */
async function residentMb(pid: number | null): Promise<number> {
  const text = await readFile(`/proc/${pid ?? 0}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s{1,16}(\d{1,16}) kB$/m.exec(text)?.[1] ?? 0) / 1_024;
}
