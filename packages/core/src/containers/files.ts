import { engineOf } from '../engines/owner.ts';
import { invalidField } from '../errors.ts';
import { verb } from '../verb.ts';
import { requireContainer } from './queries.ts';
import { CopyIn, ListFiles, ReadFile, WriteFiles, type FileContent, type ListedFiles } from './schema.ts';

const mostBytes = 32 * 1024 * 1024;

/** What lies in one directory of a container, running or not. */
export const listContainerFiles = verb(
  { name: 'container.read', access: 'read', input: ListFiles },
  async (ctx, input): Promise<ListedFiles> => {
    const managed = engineOf(ctx, input.engine);
    const { id } = await requireContainer(ctx, managed, input.id);
    const options = { signal: ctx.signal, maxBytes: mostBytes };
    const all = await managed.engine.files.listFiles(id, input.path, options);
    return { path: input.path, entries: all.filter(({ path }) => !path.includes('/')) };
  },
);

const textOf = (content: Buffer): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return null;
  }
};

/** One file's content. */
export const readContainerFile = verb(
  { name: 'container.read', access: 'read', input: ReadFile },
  async (ctx, input): Promise<FileContent> => {
    const managed = engineOf(ctx, input.engine);
    const { id } = await requireContainer(ctx, managed, input.id);
    const content = await managed.engine.files.readFile(id, input.path, { signal: ctx.signal, maxBytes: mostBytes });
    return { path: input.path, bytes: content.length, text: textOf(content), base64: content.toString('base64') };
  },
);

/** A file or directory as a tar archive in base64. */
export const copyOutOfContainer = verb(
  { name: 'container.read', access: 'read', input: ReadFile },
  async (ctx, input): Promise<{ path: string; archive: string }> => {
    const managed = engineOf(ctx, input.engine);
    const { id } = await requireContainer(ctx, managed, input.id);
    const source = await managed.engine.files.copyOut(id, input.path, { signal: ctx.signal, maxBytes: mostBytes });
    const chunks: Buffer[] = [];
    for await (const chunk of source) chunks.push(chunk as Buffer);
    return { path: input.path, archive: Buffer.concat(chunks).toString('base64') };
  },
);

/** Writes files into a directory that exists. */
export const writeContainerFiles = verb(
  { name: 'container.write-files', access: 'write', input: WriteFiles, tx: false },
  async (ctx, input): Promise<void> => {
    const managed = engineOf(ctx, input.engine);
    const { id, name } = await requireContainer(ctx, managed, input.id, 'container.write-files');
    const files = input.files.map(({ path, text, base64, mode }, index) => {
      if (text === undefined && base64 === undefined) throw invalidField(`files.${index}`, 'give text or base64');
      const content = text ?? Buffer.from(base64 ?? '', 'base64');
      return { path, content, ...(mode !== undefined && { mode }) };
    });
    await managed.engine.files.writeFiles(id, input.directory, files);
    const written = files.map(({ path }) => path).slice(0, 50);
    ctx.audit({ id, details: { engine: managed.name, name, directory: input.directory, files: written } });
  },
);

/** Unpacks a tar archive into a directory that exists. */
export const copyIntoContainer = verb(
  { name: 'container.write-files', access: 'write', input: CopyIn, tx: false },
  async (ctx, input): Promise<void> => {
    const managed = engineOf(ctx, input.engine);
    const { id, name } = await requireContainer(ctx, managed, input.id, 'container.write-files');
    const archive = Buffer.from(input.archive, 'base64');
    await managed.engine.files.copyIn(id, input.directory, archive);
    ctx.audit({ id, details: { engine: managed.name, name, directory: input.directory, bytes: archive.length } });
  },
);
