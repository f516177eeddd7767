import { streamed } from '../engines/allowed.ts';
import { engineOf, resourceOf } from '../engines/owner.ts';
import { begun } from '../engines/started-stream.ts';
import { invalidField } from '../errors.ts';
import { say } from '../reasons.ts';
import { verb } from '../verb.ts';
import { requireContainer } from './queries.ts';
import {
  CopyIn,
  ListFiles,
  ReadFile,
  WriteFiles,
  type Download,
  type FileContent,
  type ListedFiles,
} from './schema.ts';

function nameIn(path: string): string {
  return path.split('/').findLast((part) => part !== '') ?? 'root';
}

/** The most of a file that is shown; the rest can be downloaded. */
const previewBytes = 1024 * 1024;

/** Lists one directory of a container, running or not. */
export const listContainerFiles = verb(
  { name: 'container.read', access: 'read', input: ListFiles },
  async (ctx, input): Promise<ListedFiles> => {
    const managed = engineOf(ctx, input.engine);
    const { id } = await requireContainer(ctx, managed, input.id);
    const listed = await managed.engine.files.listFiles(id, input.path, { signal: ctx.signal });
    return { path: input.path, ...listed };
  },
);

/** The text of a file's beginning; null where it is none. `whole`: nothing is left, so no character may be cut in two. */
function textOf(content: Buffer, whole: boolean): string | null {
  // As JSON each of these would take six bytes: no text that anybody reads has them.
  if (content.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content, { stream: !whole });
  } catch {
    return null;
  }
}

/** The beginning of a file. */
export const readContainerFile = verb(
  { name: 'container.read', access: 'read', input: ReadFile },
  async (ctx, input): Promise<FileContent> => {
    const managed = engineOf(ctx, input.engine);
    const { id } = await requireContainer(ctx, managed, input.id);
    const { bytes, content } = await managed.engine.files.openFile(id, input.path, { signal: ctx.signal });
    const chunks: Buffer[] = [];
    let read = 0;
    for await (const chunk of content) {
      chunks.push(chunk);
      read += chunk.length;
      if (read >= previewBytes) break;
    }
    const start = Buffer.concat(chunks).subarray(0, previewBytes);
    const truncated = start.length < bytes;
    const text = textOf(start, !truncated);
    return { path: input.path, bytes, truncated, text, base64: text === null ? start.toString('base64') : null };
  },
);

/** A file of a container as it is, read no faster than it is sent. */
export const downloadContainerFile = verb(
  { name: 'container.read', access: 'read', input: ReadFile },
  async (ctx, input): Promise<Download> => {
    const managed = engineOf(ctx, input.engine);
    const info = await requireContainer(ctx, managed, input.id);
    let bytes = 0;
    async function* read(signal: AbortSignal) {
      const file = await managed.engine.files.openFile(info.id, input.path, { signal });
      ({ bytes } = file);
      yield* file.content;
    }
    const content = streamed(ctx, 'container.read', ctx.signal, read, [resourceOf('container', managed.name, info)]);
    const chunks = await begun(content);
    return { name: nameIn(input.path), bytes, chunks };
  },
);

/** A file or directory of a container as a tar archive, read no faster than it is sent. */
export const downloadContainerArchive = verb(
  { name: 'container.read', access: 'read', input: ReadFile },
  async (ctx, input): Promise<Download> => {
    const managed = engineOf(ctx, input.engine);
    const info = await requireContainer(ctx, managed, input.id);
    async function* read(signal: AbortSignal) {
      const archive = await managed.engine.files.copyOut(info.id, input.path, { signal });
      for await (const chunk of archive) yield chunk as Buffer;
    }
    const content = streamed(ctx, 'container.read', ctx.signal, read, [resourceOf('container', managed.name, info)]);
    return { name: `${nameIn(input.path)}.tar`, bytes: null, chunks: await begun(content) };
  },
);

/** Writes files into a directory that exists; a link in a file's place stays, and what it leads to is written. */
export const writeContainerFiles = verb(
  { name: 'container.write-files', access: 'write', input: WriteFiles, tx: false },
  async (ctx, input): Promise<void> => {
    const managed = engineOf(ctx, input.engine);
    const { id, name } = await requireContainer(ctx, managed, input.id, 'container.write-files');
    const files = input.files.map(({ path, text, base64, mode }, index) => {
      if (text === undefined && base64 === undefined) throw invalidField(`files.${index}`, say('needsText'));
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
