import { z } from 'zod';
import { desiredStates, recordings, visibilities } from '@switchboard/db/words';
import { DocsUrl, NoNul, Tags } from './fields.ts';

export const DesiredState = z.enum(desiredStates);
export type DesiredState = z.infer<typeof DesiredState>;
/** Who sees a server besides its owner: nobody, members of its groups, or those and everyone who is signed in. */
export const Visibility = z.enum(visibilities);
export type Visibility = z.infer<typeof Visibility>;
/** What history keeps of its calls: nothing, what tools say of errors, the arguments too, or also the results. */
export const Recording = z.enum(recordings);
export type Recording = z.infer<typeof Recording>;

interface PlainField<Input extends z.ZodType> {
  input: Input;
  /** What a new server has that says nothing. */
  usual: z.output<Input>;
  /** Configs of clients carry it, in and out, under its own name. */
  inConfigs: boolean;
}

function plain<Input extends z.ZodType>(
  input: Input,
  usual: z.output<Input>,
  { inConfigs = false } = {},
): PlainField<Input> {
  return { input, usual, inConfigs };
}

/**
 * Fields of every kind of server that are stored and shown as they were given: each stands here, in the table of the
 * database and in the page, and nowhere else.
 */
export const plainFields = {
  description: plain(NoNul(4_096), '', { inConfigs: true }),
  docsUrl: plain(DocsUrl.nullable(), null, { inConfigs: true }),
  tags: plain(Tags, [], { inConfigs: true }),
  desired: plain(DesiredState, 'on'),
  visibility: plain(Visibility, 'group'),
  recording: plain(Recording, 'errors'),
};

type PlainFields = typeof plainFields;
export type PlainName = keyof PlainFields;
export type PlainValues = { [Name in PlainName]: PlainFields[Name]['usual'] };

/** Their names, in the order in which they are told. */
export const plainNames = Object.keys(plainFields) as PlainName[];
export const configNames = plainNames.filter((name) => plainFields[name].inConfigs);

/** What may be given for each, for the schemas of whole servers. */
export const plainInputs = mapPlain((name) => plainFields[name].input) as {
  [Name in PlainName]: PlainFields[Name]['input'];
};

/** The values of a new server. */
export function plainOfDraft(draft: { [Name in PlainName]?: PlainValues[Name] | undefined }): PlainValues {
  return mapPlain((name) => draft[name] ?? plainFields[name].usual) as PlainValues;
}

/** The values of a stored server, from whatever else it has. */
export function plainOfRow(row: PlainValues): PlainValues {
  return mapPlain((name) => row[name]) as PlainValues;
}

function mapPlain(valueOf: (name: PlainName) => unknown): { [name: string]: unknown } {
  return Object.fromEntries(plainNames.map((name) => [name, valueOf(name)]));
}
