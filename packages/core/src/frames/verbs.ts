import type { Ctx } from '../context.ts';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';
import { ownerOf } from '../runs/live.ts';
import { getServer } from '../servers/verbs.ts';
import { verb } from '../verb.ts';
import type { Frame } from './hold.ts';
import { readInterface } from './interface.ts';
import { policyOf, readDeclaration } from './policy.ts';
import { FrameRef, ShowApp, ShowHtml, type OpenedFrame } from './schema.ts';

function hold(ctx: Ctx, frame: Frame): string {
  return ctx.hub.heldFrames.add({ ...ownerOf(ctx.actor), thing: frame, bytes: Buffer.byteLength(frame.html) });
}

/** Reads a user interface of a server and holds it for a frame, which may reach what is declared and allowed. */
export const showApp = verb(
  { name: 'server.use', access: 'read', input: ShowApp },
  async (ctx, input): Promise<OpenedFrame> => {
    const { id, can } = await getServer(ctx, { id: input.serverId });
    if (!can.use) throw new DomainError('forbidden', say('groupsLetSee'));
    const { html, about } = await readInterface(ctx, { ...input, serverId: id });
    const { hosts, ignored } = readDeclaration(about['csp']);
    const allowed = new Set(input.allowed);
    const policy = policyOf(hosts.filter(({ source }) => allowed.has(source)));
    const border = about['prefersBorder'];
    return {
      frameId: hold(ctx, { html, policy }),
      hosts,
      ignored,
      prefersBorder: typeof border === 'boolean' ? border : null,
    };
  },
);

/** Holds a document that somebody is looking at for a frame, which may reach nothing. */
export const showHtml = verb(
  { name: 'account.read', access: 'read', input: ShowHtml },
  async (ctx, { html }): Promise<OpenedFrame> => ({
    frameId: hold(ctx, { html, policy: policyOf([]) }),
    hosts: [],
    ignored: 0,
    prefersBorder: null,
  }),
);

/** Gives a frame its document: once, and only to the sign-in that opened it. */
export const takeFrame = verb(
  { name: 'account.read', access: 'read', input: FrameRef },
  async (ctx, { frameId }): Promise<Frame> => {
    const frame = ctx.hub.heldFrames.take(frameId, ownerOf(ctx.actor).credential);
    if (frame) return frame;
    throw new DomainError('not_found', say('noFrame'));
  },
);
