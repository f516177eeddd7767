import type { ParseKeys } from 'i18next';
import type { Server } from '../../lib/api-types.ts';
import { joinArgs, splitArgs } from '../../lib/command-line.ts';
import type { Inputs } from '../../lib/trpc.ts';
import { fromPairs, toPairs, type Pair } from '../../ui/form/pairs-editor.tsx';
import { emptyContainer, toContainerDraft, toSettings, type ContainerDraft } from './container-draft.ts';
import { emptySignIn, toSignInDraft, toSignInSettings, type SignInDraft } from './sign-in-draft.ts';

export type ServerPatch = Inputs['servers']['update']['patch'];
export type IsolationChoice = Server['isolation'] | 'default';
type AccountChoice = NonNullable<Server['account']> | 'default';

/** One field of a server in the form. */
export interface DraftField<Form> {
  empty: Form;
  /** What the form shows of a server. */
  show: (server: Server) => Form;
  /** What is sent; nothing leaves the field to the hub. */
  send: (form: Form) => Partial<ServerPatch>;
  /** Its line in the form, where it needs no more than a line of text. */
  line: TextLine | null;
}

/** A field that is one line of text. */
export interface TextLine {
  label: ParseKeys;
  hint: ParseKeys;
  placeholder: string;
  type: 'text' | 'url';
}

type NamesOf<Value> = {
  [Name in keyof ServerPatch & keyof Server]: Server[Name] extends Value ? Name : never;
}[keyof ServerPatch & keyof Server];

/** Text as it is. */
function text(name: NamesOf<string>): DraftField<string> {
  return { empty: '', show: (server) => server[name], send: (form) => ({ [name]: form }), line: null };
}

/** A line that may be left empty, which is null to the hub. */
function line(name: NamesOf<string | null>, shown: TextLine | null = null): DraftField<string> {
  return {
    empty: '',
    show: (server) => server[name] ?? '',
    send: (form) => ({ [name]: form.trim() || null }),
    line: shown,
  };
}

/** Names and values. */
function pairs(name: 'env' | 'headers' | 'secrets'): DraftField<Pair[]> {
  return {
    empty: [],
    show: (server) => toPairs(server[name]),
    send: (form) => ({ [name]: fromPairs(form) }),
    line: null,
  };
}

/** One of several words. */
function choice<Name extends 'visibility' | 'recording'>(name: Name, usual: Server[Name]): DraftField<Server[Name]> {
  return { empty: usual, show: (server) => server[name], send: (form) => ({ [name]: form }), line: null };
}

function splitTags(given: string): string[] {
  return given
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

const tags: DraftField<string> = {
  empty: '',
  show: (server) => server.tags.join(', '),
  send: (form) => ({ tags: splitTags(form) }),
  line: null,
};

const slots: DraftField<Server['slots']> = {
  empty: [],
  show: (server) => server.slots,
  send: (form) => ({ slots: form.filter(({ name }) => name.trim() !== '') }),
  line: null,
};

const isolation: DraftField<IsolationChoice> = {
  empty: 'default',
  show: (server) => server.isolation,
  send: (form) => (form === 'default' ? {} : { isolation: form }),
  line: null,
};

const limits: DraftField<Partial<Server['limits']>> = {
  empty: {},
  show: (server) => server.limits,
  send: (form) => ({ limits: form }),
  line: null,
};

const args: DraftField<string> = {
  empty: '',
  show: (server) => joinArgs(server.args),
  send: (form) => ({ args: splitArgs(form) }),
  line: null,
};

const container: DraftField<ContainerDraft> = {
  empty: emptyContainer(),
  show: (server) => toContainerDraft(server.container),
  send: (form) => ({ container: toSettings(form) }),
  line: null,
};

const account: DraftField<AccountChoice> = {
  empty: 'default',
  show: (server) => server.account ?? 'default',
  send: (form) => (form === 'default' ? {} : { account: form }),
  line: null,
};

const signIn: DraftField<SignInDraft> = {
  empty: emptySignIn(),
  show: (server) => toSignInDraft(server.signIn),
  send: (form) => ({ signIn: toSignInSettings(form) }),
  line: null,
};

/** Fields that servers of every kind have. */
export const commonFields = {
  name: text('name'),
  description: text('description'),
  docsUrl: line('docsUrl', {
    label: 'servers.form.docsUrl',
    hint: 'servers.form.docsUrlHint',
    placeholder: 'https://example.com/docs',
    type: 'url',
  }),
  tags,
  slots,
  isolation,
  visibility: choice('visibility', 'group'),
  recording: choice('recording', 'errors'),
  limits,
};

/** Fields that some kinds have; which, the core says. */
export const launchFields = {
  command: line('command'),
  args,
  cwd: line('cwd'),
  env: pairs('env'),
  url: line('url'),
  headers: pairs('headers'),
  container,
  secrets: pairs('secrets'),
  signIn,
  account,
  app: line('app'),
  graph: line('graph'),
};

export const draftFields = { ...commonFields, ...launchFields };
type DraftFields = typeof draftFields;
export type FieldName = keyof DraftFields;
type Named<Fields> = keyof Fields & FieldName;

/** Every field as it stands in the form: most are text until they are sent. */
export type DraftValues = { [Name in FieldName]: DraftFields[Name]['empty'] };

export type Kind = Server['kind'];

/** A server as it stands in the form. */
export interface Draft extends DraftValues {
  kind: Kind;
}

export const commonNames = Object.keys(commonFields) as Named<typeof commonFields>[];
export const launchNames = Object.keys(launchFields) as Named<typeof launchFields>[];

/** Each name stands for a field of its own type, which the compiler does not follow through a list. */
function fieldOf(name: FieldName): DraftField<unknown> {
  return draftFields[name] as DraftField<unknown>;
}

/** The values of all fields. */
export function valuesOf(valueOf: (field: DraftField<unknown>) => unknown): DraftValues {
  const names = [...commonNames, ...launchNames];
  return Object.fromEntries(names.map((name) => [name, valueOf(fieldOf(name))])) as DraftValues;
}

/** What is sent of some fields. */
export function sent(values: DraftValues, names: readonly FieldName[]): Partial<ServerPatch> {
  return names.reduce<Partial<ServerPatch>>((all, name) => ({ ...all, ...fieldOf(name).send(values[name]) }), {});
}

type TextName = { [Name in FieldName]: DraftValues[Name] extends string ? Name : never }[FieldName];

/** The fields that the form shows as a line of text, in their order. */
export const textLines = commonNames.flatMap((name) => {
  const shown = fieldOf(name).line;
  return shown === null ? [] : [{ ...shown, name: name as TextName }];
});
