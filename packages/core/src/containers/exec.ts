import { credentialOf, credentialText } from '../access/credential.ts';
import type { Ctx } from '../context.ts';
import { whileAllowed } from '../engines/allowed.ts';
import { translated } from '../engines/errors.ts';
import { engineOf, resourceOf } from '../engines/owner.ts';
import { inTransaction, verb } from '../verb.ts';
import { requireContainer } from './queries.ts';
import {
  ExecInContainer,
  OpenTerminal,
  ResizeTerminal,
  TerminalInput,
  TerminalRef,
  type TerminalEvent,
} from './schema.ts';

/** A terminal is bound to the sign-in or key that opened it. */
function openerOf(ctx: Ctx): string {
  return credentialText(credentialOf(ctx.actor));
}

/** Runs a program in a container to its end. */
export const execInContainer = verb(
  { name: 'container.exec', access: 'write', input: ExecInContainer, tx: false },
  async (ctx, { engine, id: reference, command, ...options }) => {
    const managed = engineOf(ctx, engine);
    const { id, name } = await requireContainer(ctx, managed, reference, 'container.exec');
    // Written down before it runs, whatever becomes of it. Its words may hold secrets.
    const note = { id, details: { engine: managed.name, name, program: command[0] } };
    await inTransaction(ctx, async (inner) => inner.audit(note));
    return await managed.engine.exec.run(id, command, { ...options, signal: ctx.signal });
  },
);

/** Starts a program with a terminal; who asked reads, writes and closes it by its id. */
export const openTerminal = verb(
  { name: 'container.exec', access: 'write', input: OpenTerminal, tx: false },
  async (ctx, { engine, id: reference, ...input }): Promise<{ terminalId: string }> => {
    const managed = engineOf(ctx, engine);
    const info = await requireContainer(ctx, managed, reference, 'container.exec');
    const { id, name } = info;
    const session = await managed.engine.exec.open(id, { ...input, tty: true });
    const allowed = whileAllowed(ctx, 'container.exec', [resourceOf('container', managed.name, info)]);
    const terminalId = ctx.docker.terminals.open(openerOf(ctx), session, allowed.signal, allowed.stop);
    ctx.audit({ id, details: { engine: managed.name, name, program: input.command[0], terminal: true } });
    return { terminalId };
  },
);

export const followTerminal = verb(
  { name: 'container.exec', access: 'read', input: TerminalRef },
  async (ctx, { terminalId }): Promise<AsyncGenerator<TerminalEvent>> => {
    const terminal = ctx.docker.terminals.find(openerOf(ctx), terminalId);
    return translated(terminal.follow(ctx.signal));
  },
);

/** Input is not audited: opening the terminal was. */
export const writeTerminal = verb(
  { name: 'container.exec', access: 'read', input: TerminalInput },
  async (ctx, { terminalId, data }): Promise<void> => ctx.docker.terminals.find(openerOf(ctx), terminalId).write(data),
);

export const resizeTerminal = verb(
  { name: 'container.exec', access: 'read', input: ResizeTerminal },
  async (ctx, { terminalId, size }): Promise<void> => ctx.docker.terminals.find(openerOf(ctx), terminalId).resize(size),
);

export const closeTerminal = verb(
  { name: 'container.exec', access: 'read', input: TerminalRef },
  async (ctx, { terminalId }): Promise<void> => ctx.docker.terminals.find(openerOf(ctx), terminalId).close(),
);
