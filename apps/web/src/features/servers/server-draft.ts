import type { Server } from '../../lib/api-types.ts';
import { joinArgs, splitArgs } from '../../lib/command-line.ts';
import type { Inputs } from '../../lib/trpc.ts';
import { fromPairs, toPairs, type Pair } from '../../ui/pairs-editor.tsx';
import { emptyContainer, toContainerDraft, toSettings, type ContainerDraft } from './container-draft.ts';

export type Kind = Server['kind'];
export type IsolationChoice = Server['isolation'] | 'default';
type Limits = Server['limits'];
type CreateServer = Inputs['servers']['create'];
type ServerPatch = Inputs['servers']['update']['patch'];

/** A server as it stands in the form: everything is text until it is sent. */
export interface Draft {
  kind: Kind;
  name: string;
  description: string;
  tags: string;
  command: string;
  args: string;
  cwd: string;
  env: Pair[];
  url: string;
  headers: Pair[];
  container: ContainerDraft;
  /** Files in the container. */
  secrets: Pair[];
  /** The account its process runs under. */
  account: NonNullable<Server['account']> | 'default';
  isolation: IsolationChoice;
  visibility: Server['visibility'];
  recording: Server['recording'];
  limits: Partial<Limits>;
}

export function emptyDraft(): Draft {
  return {
    kind: 'stdio',
    name: '',
    description: '',
    tags: '',
    command: '',
    args: '',
    cwd: '',
    env: [],
    url: '',
    headers: [],
    container: emptyContainer(),
    secrets: [],
    account: 'default',
    isolation: 'default',
    visibility: 'group',
    recording: 'errors',
    limits: {},
  };
}

export function draftOfImage(image: string): Draft {
  return { ...emptyDraft(), kind: 'container', container: { ...emptyContainer(), image } };
}

export function toDraft(server: Server): Draft {
  return {
    kind: server.kind,
    name: server.name,
    description: server.description,
    tags: server.tags.join(', '),
    command: server.command ?? '',
    args: joinArgs(server.args),
    cwd: server.cwd ?? '',
    env: toPairs(server.env),
    url: server.url ?? '',
    headers: toPairs(server.headers),
    container: toContainerDraft(server.container),
    secrets: toPairs(server.secrets),
    account: server.account ?? 'default',
    isolation: server.isolation,
    visibility: server.visibility,
    recording: server.recording,
    limits: server.limits,
  };
}

function splitTags(text: string): string[] {
  return text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

/** A whole command line in the command field: the program goes first, the rest are arguments. */
export function spreadCommand(draft: Draft): Draft {
  if (draft.args.trim() !== '' || !/\s/.test(draft.command.trim())) return draft;
  const [command = '', ...args] = splitArgs(draft.command.trim());
  return { ...draft, command, args: joinArgs(args) };
}

function launch(draft: Draft) {
  const program = {
    command: draft.command.trim() || null,
    args: splitArgs(draft.args),
    cwd: draft.cwd.trim() || null,
    env: fromPairs(draft.env),
  };
  if (draft.kind === 'stdio') return { ...program, ...(draft.account !== 'default' && { account: draft.account }) };
  if (draft.kind === 'container') {
    const headers = draft.container.transport === 'stdio' ? {} : fromPairs(draft.headers);
    return { ...program, headers, container: toSettings(draft.container), secrets: fromPairs(draft.secrets) };
  }
  return { url: draft.url.trim() || null, headers: fromPairs(draft.headers), env: fromPairs(draft.env) };
}

/** `ghcr.io/acme/mcp-server-files:1` is called `files`. */
function nameOfImage(image: string): string {
  const last = image.trim().split('@')[0]?.split('/').at(-1)?.split(':')[0] ?? '';
  return last.replace(/^(mcp-server-|server-|mcp-)/, '').replace(/(-mcp-server|-mcp)$/, '');
}

/** A name for people when none was given: the package, the program or the host. */
export function suggestName(draft: Draft): string {
  if (draft.kind === 'container') return nameOfImage(draft.container.image);
  if (draft.kind !== 'stdio') return URL.canParse(draft.url.trim()) ? new URL(draft.url.trim()).hostname : '';
  const words = [draft.command, ...splitArgs(draft.args)].filter((word) => word !== '' && !word.startsWith('-'));
  const runner = /(^|\/)(npx|uvx|bunx|pnpx|node|python3?|docker|deno)$/;
  const word = words.find((each) => !runner.test(each)) ?? '';
  const last =
    word
      .replace(/@[^/@]*$/, '')
      .split('/')
      .at(-1) ?? '';
  return last.replace(/\.(m?js|ts|py)$/, '').replace(/^(mcp-server-|server-|mcp-)/, '');
}

export function toCreate(draft: Draft): CreateServer {
  const whole = spreadCommand(draft);
  const name = whole.name.trim() || suggestName(whole);
  return {
    kind: whole.kind,
    ...(name === '' ? {} : { name }),
    description: whole.description,
    tags: splitTags(whole.tags),
    ...launch(whole),
    ...(whole.isolation === 'default' ? {} : { isolation: whole.isolation }),
    visibility: whole.visibility,
    limits: whole.limits,
  };
}

/** What belongs to other kinds only. */
function notOf(kind: Kind): Partial<ServerPatch> {
  if (kind === 'container') return { url: null };
  const none = { container: null, secrets: {} };
  return kind === 'stdio' ? { ...none, url: null, headers: {} } : { ...none, command: null, args: [], cwd: null };
}

export function toPatch(draft: Draft): ServerPatch {
  const whole = spreadCommand(draft);
  return {
    name: whole.name.trim(),
    description: whole.description,
    tags: splitTags(whole.tags),
    kind: whole.kind,
    ...notOf(whole.kind),
    ...launch(whole),
    ...(whole.isolation === 'default' ? {} : { isolation: whole.isolation }),
    visibility: whole.visibility,
    recording: whole.recording,
    limits: whole.limits,
  };
}
