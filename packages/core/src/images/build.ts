import { mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findDockerfile } from '@switchboard/docker/rules';
import { may } from '../access/require.ts';
import type { Ctx } from '../context.ts';
import { auditRun } from '../engines/audited-run.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { engineOf, newResource, ownerLabels, requireMaking } from '../engines/owner.ts';
import { startEngineRun } from '../engines/runs.ts';
import type { EngineRun } from '../engines/schema.ts';
import { DomainError, invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { verb } from '../verb.ts';
import { requireFreeTag } from './queries.ts';
import { requireBuildReads } from './reads.ts';
import { BuildImage } from './schema.ts';

const largestDockerfile = 1024 * 1024;

function isBelow(folder: string, root: string): boolean {
  return folder === root || folder.startsWith(`${root}/`);
}

/** Refuses a folder of the hub's machine that containers may not mount, unless the caller may reach the host. */
async function checkFolder(ctx: Ctx, folder: string): Promise<void> {
  if (may(ctx, 'container.unconfined')) return;
  const resolved = await realpath(folder).catch(() => null);
  const { allowedRoots } = ctx.docker.engines.policy;
  if (resolved !== null && allowedRoots.some((root) => isBelow(resolved, root))) return;
  throw new DomainError('forbidden', say('folderNotAllowed', { folder }));
}

function checkNames(files: readonly { path: string }[]): void {
  files.forEach((file, index) => {
    const clean = path.posix.normalize(file.path);
    const leadsOut = path.posix.isAbsolute(clean) || clean === '..' || clean.startsWith('../') || clean.includes('\0');
    if (leadsOut || clean === '.') {
      throw invalidField(`context.files.${index}.path`, say('mustBeInside', { path: file.path }));
    }
  });
}

/** A folder with these files; gone after `use`. */
async function withFolder<Result>(
  files: readonly { path: string; text: string }[],
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(path.join(tmpdir(), 'switchboard-build-'));
  try {
    for (const file of files) {
      const target = path.join(folder, file.path);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, file.text);
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Context = BuildImage['context'];

/** The text of the Dockerfile that a build will use; null where it is unknown. */
async function dockerfileOf(ctx: Ctx, { context, dockerfile = 'Dockerfile' }: BuildImage): Promise<string | null> {
  const wanted = path.posix.normalize(`/${dockerfile}`);
  switch (context.kind) {
    case 'archive':
      return await findDockerfile(Buffer.from(context.base64, 'base64'), dockerfile);
    case 'files': {
      const fitting = context.files.filter((file) => {
        const given = path.posix.normalize(`/${file.path}`);
        return given.toLowerCase() === wanted.toLowerCase();
      });
      return fitting.length === 1 ? (fitting[0]?.text ?? null) : null;
    }
    case 'folder': {
      const root = await realpath(context.path).catch(() => null);
      const file = root === null ? null : await realpath(path.join(root, wanted)).catch(() => null);
      if (root === null || file === null || !isBelow(file, root)) return null;
      const { size } = await stat(file);
      return size > largestDockerfile ? null : await readFile(file, 'utf8');
    }
  }
}

async function inContext(context: Context, build: (source: string | Buffer) => Promise<string>): Promise<string> {
  switch (context.kind) {
    case 'archive':
      return await build(Buffer.from(context.base64, 'base64'));
    case 'folder':
      return await build(context.path);
    case 'files':
      return await withFolder(context.files, build);
  }
}

function startBuild(ctx: Ctx, managed: ManagedEngine, { context, engine: _, ...input }: BuildImage): EngineRun {
  const labels = ownerLabels(ctx.actor);
  const plan = {
    kind: 'image.build',
    engine: managed.name,
    subject: input.tag,
    resource: newResource(ctx, 'image', managed.name),
  } as const;
  return startEngineRun(ctx, plan, async ({ signal, line }) => {
    function onOutput(text: string) {
      for (const part of text.split('\n')) if (part.trim() !== '') line(part);
    }
    const id = await inContext(context, (source) =>
      managed.engine.images.build({ ...input, context: source, labels, signal, onOutput }),
    );
    return { id, tag: input.tag };
  });
}

/** Starts a build; the run has the output of the engine, and its result the `id`. */
export const buildImage = verb(
  { name: 'image.build', access: 'write', input: BuildImage, tx: false },
  async (ctx, input): Promise<EngineRun> => {
    const managed = engineOf(ctx, input.engine);
    requireMaking(ctx, 'image.build', 'image', managed.name);
    if (input.context.kind === 'folder') await checkFolder(ctx, input.context.path);
    if (input.context.kind === 'files') checkNames(input.context.files);
    await requireFreeTag(ctx, managed, input.tag);
    if (!may(ctx, 'container.unconfined')) {
      await requireBuildReads(ctx, managed, await dockerfileOf(ctx, input), { args: input.buildArgs ?? {} });
    }
    const run = startBuild(ctx, managed, input);
    await auditRun(ctx, run, {
      engine: managed.name,
      context: input.context.kind,
      buildArgs: Object.keys(input.buildArgs ?? {}),
    });
    return run;
  },
);
