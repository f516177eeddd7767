import { isObject } from '@switchboard/basics';
import { createMask } from '../mask.ts';

/** Members of requests and answers that nobody may see. */
const secretNames = [
  'code',
  'code_verifier',
  'refresh_token',
  'access_token',
  'id_token',
  'token',
  'assertion',
  'client_secret',
  'client_assertion',
  'registration_access_token',
];

/** What an attempt sends and gets that nobody may see: servers repeat it in errors. */
export interface Unseen {
  sent(init: RequestInit): void;
  came(body: string): void;
  /** A text with `***` for each of these values. */
  mask(text: string): string;
}

/** Collects the secrets of one attempt. */
export function createUnseen(): Unseen {
  const values = new Set<string>();
  function add(value: unknown): void {
    if (typeof value !== 'string' || value === '') return;
    values.add(value);
    values.add(encodeURIComponent(value.toWellFormed()));
  }
  function addCredentials(header: string): void {
    const [scheme = '', value = ''] = header.split(' ');
    add(value);
    if (scheme.toLowerCase() !== 'basic') return;
    const [, ...password] = Buffer.from(value, 'base64').toString().split(':');
    add(password.join(':'));
    add(decoded(password.join(':')));
  }
  return {
    sent({ headers, body }) {
      const header = new Headers(headers).get('authorization');
      if (header !== null) addCredentials(header);
      const form = body instanceof URLSearchParams ? body : null;
      for (const name of secretNames) for (const value of form?.getAll(name) ?? []) add(value);
    },
    came(body) {
      const answer = parsed(body);
      if (isObject(answer)) for (const name of secretNames) add(answer[name]);
    },
    mask: (text) => createMask(values)(text),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
