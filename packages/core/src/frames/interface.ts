import { z } from 'zod';
import type { JsonObject } from '@switchboard/mcp-runtime/types';
import { translateRpcError } from '../calls/rpc-error.ts';
import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { callBy, declineAll, openedFor } from '../playground/call.ts';
import { say } from '../reasons.ts';
import type { ShowApp } from './schema.ts';

const mostMb = 8;

export interface Interface {
  html: string;
  /** The declaration of the user interface. */
  about: JsonObject;
}

function htmlOf({ mimeType, text, blob }: JsonObject): string | null {
  if (typeof mimeType === 'string' && !/^text\/html *(?:;|$)/i.test(mimeType)) return null;
  if (typeof text === 'string') return text;
  return typeof blob === 'string' ? Buffer.from(blob, 'base64').toString() : null;
}

const AnyObject = z.record(z.string(), z.unknown());
const Meta = z.object({ ui: AnyObject });
const Contents = z.array(AnyObject).min(1).catch([]);

function aboutOf(holder: JsonObject | undefined): JsonObject | null {
  return Meta.safeParse(holder?.['_meta']).data?.ui ?? null;
}

/**
 * The server's own connection suits a read best: a connection of a client that can be asked handles one request at a
 * time, and may hold state that the call left for the interface. Some servers list interfaces only to clients that
 * declare support, as that one does.
 */
async function readResource(ctx: Ctx, { serverId, uri }: Pick<ShowApp, 'serverId' | 'uri'>): Promise<JsonObject> {
  const { runtime } = ctx.hub;
  const by = callBy(ctx, openedFor(ctx, serverId), ctx.signal);
  const request = { ...by, method: 'resources/read', params: { uri } };
  try {
    return await runtime.call(request);
  } catch {
    ctx.signal.throwIfAborted();
    return runtime.call({ ...request, ask: declineAll }).catch((error: unknown) => {
      throw translateRpcError(error, serverId);
    });
  }
}

/** Reads a user interface of a server as the caller reads a resource in the playground. */
export async function readInterface(ctx: Ctx, { serverId, uri }: ShowApp): Promise<Interface> {
  const result = await readResource(ctx, { serverId, uri });
  const contents = Contents.parse(result['contents']);
  const content = contents.find((each) => each['uri'] === uri) ?? contents[0];
  const html = content ? htmlOf(content) : null;
  if (html === null) throw new DomainError('not_found', say('noInterface', { id: serverId, uri }));
  if (html.length > mostMb * 1024 ** 2) throw new DomainError('invalid', say('frameTooLarge', { size: mostMb }));
  const listed = ctx.hub.runtime.catalog(serverId)?.resources.find((each) => each['uri'] === uri);
  return { html, about: aboutOf(content) ?? aboutOf(listed) ?? {} };
}
