import { clientSecretNames, emptyLaunch, hasField } from '@switchboard/core/servers/schema';
import type { Server } from '../../lib/api-types.ts';
import { joinArgs, splitArgs } from '../../lib/command-line.ts';
import type { Inputs } from '../../lib/trpc.ts';
import { emptyContainer } from './container-draft.ts';
import { commonNames, launchNames, sent, valuesOf, type Draft, type Kind, type ServerPatch } from './draft-fields.ts';
import { suggestName } from './suggest-name.ts';

export type { Draft, Kind } from './draft-fields.ts';
type CreateServer = Inputs['servers']['create'];

export function emptyDraft(): Draft {
  return { ...valuesOf(({ empty }) => empty), kind: 'stdio' };
}

export function draftOfImage(image: string): Draft {
  return { ...emptyDraft(), kind: 'container', container: { ...emptyContainer(), image } };
}

export function toDraft(server: Server): Draft {
  return { ...valuesOf(({ show }) => show(server)), kind: server.kind };
}

/** A whole command line in the command field: the program goes first, the rest are arguments. */
export function spreadCommand(draft: Draft): Draft {
  if (draft.args.trim() !== '' || !/\s/.test(draft.command.trim())) return draft;
  const [command = '', ...args] = splitArgs(draft.command.trim());
  return { ...draft, command, args: joinArgs(args) };
}

/** The draft as it is sent: headers go nowhere where a container talks over its pipes. */
function whole(draft: Draft): Draft {
  const spread = spreadCommand(draft);
  const isPiped = hasField(draft.kind, 'container') && draft.container.transport === 'stdio';
  // Files of a container are nothing to a remote server, which has secrets of its client alone.
  const known: readonly string[] = clientSecretNames;
  const secrets = draft.secrets.filter(({ name }) => !hasField(draft.kind, 'signIn') || known.includes(name));
  return { ...spread, name: draft.name.trim(), secrets, ...(isPiped && { headers: [] }) };
}

function fieldsOf(draft: Draft): Partial<ServerPatch> {
  return sent(draft, [...commonNames, ...launchNames.filter((name) => hasField(draft.kind, name))]);
}

export function toCreate(draft: Draft): CreateServer {
  const all = whole(draft);
  const { name: _name, ...fields } = fieldsOf(all);
  const name = all.name || suggestName(all);
  return { ...fields, kind: all.kind, ...(name !== '' && { name }) };
}

/** What belongs to other kinds only. */
function notOf(kind: Kind): Partial<ServerPatch> {
  return Object.fromEntries(
    Object.entries(emptyLaunch).filter(([name]) => !hasField(kind, name as keyof typeof emptyLaunch)),
  );
}

export function toPatch(draft: Draft): ServerPatch {
  const all = whole(draft);
  return { kind: all.kind, ...notOf(all.kind), ...fieldsOf(all) };
}
