import { z } from 'zod';
import { desiredStates, recordings, visibilities } from '@switchboard/db/words';
import { Slots } from '../slots/schema.ts';
import { DocsUrl, NoNul, Tags } from './fields.ts';

export const DesiredState = z.enum(desiredStates);
export type DesiredState = z.infer<typeof DesiredState>;
/** The people who see a server besides its owner: none, members of its groups, or all who are signed in. */
export const Visibility = z.enum(visibilities);
export type Visibility = z.infer<typeof Visibility>;
/** The parts of its calls that history keeps: none, errors of tools, arguments too, or also results. */
export const Recording = z.enum(recordings);
export type Recording = z.infer<typeof Recording>;

interface PlainField<Input extends z.ZodType> {
  input: Input;
  /** The value of a new server where none is given. */
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
 * Fields of every kind of server that are stored and shown as they were given: each is named here, in the table of the
 * database and in the page, and nowhere else.
 */
export const plainFields = {
  description: plain(NoNul(4_096), '', { inConfigs: true }),
  docsUrl: plain(DocsUrl.nullable(), null, { inConfigs: true }),
  tags: plain(Tags, [], { inConfigs: true }),
  slots: plain(Slots, [], { inConfigs: true }),
  desired: plain(DesiredState, 'on'),
  visibility: plain(Visibility, 'group'),
  recording: plain(Recording, 'errors'),
};

type PlainFields = typeof plainFields;
export type PlainName = keyof PlainFields;
export type PlainValues = { [Name in PlainName]: PlainFields[Name]['usual'] };

/** Their names, in the order in which they are shown. */
export const plainNames = Object.keys(plainFields) as PlainName[];
export const configNames = plainNames.filter((name) => plainFields[name].inConfigs);

/** The inputs of these fields, for the schemas of whole servers. */
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
