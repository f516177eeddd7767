import { isObject } from '@switchboard/basics';
import { DockerError } from '../errors.ts';

/** Reads parts of an engine's answer, whose shape is unknown: missing or odd parts become empty. */

/** The fields of an object, each still without a shape. */
export type Fields = Record<string, unknown>;

export function text(value: unknown, otherwise = ''): string {
  return typeof value === 'string' ? value : otherwise;
}

export function number(value: unknown, otherwise = 0): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

export function record(value: unknown): Fields {
  return isObject(value) ? value : {};
}

/** The objects of a list; anything else in it is left out. */
export function records(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null).map(record) : [];
}

/** The texts of a list; one text counts as a list of one. */
export function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** The texts of a map: labels, options, attributes. */
export function textMap(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** A moment in seconds since the epoch as RFC 3339; the epoch itself where it is none. */
export function secondsToTime(value: unknown): string {
  const date = new Date(number(value) * 1000);
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString();
}

/** The list that an answer has to be. Throws DockerError `failed` where it is none. */
export function answeredList(answer: unknown, of: string): Fields[] {
  if (!Array.isArray(answer)) throw odd(`a list of ${of}`);
  return records(answer);
}

/** The engine answered, but not with what was asked for. */
export function odd(wanted: string): DockerError {
  return new DockerError('failed', `The Docker Engine answered with something that is not ${wanted}.`);
}
