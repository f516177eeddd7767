import { type Client, createClient } from '@switchboard/api/client';
import type { Json, TestApp, TestInit } from './app.ts';

/** Somebody who is signed in, or a key. */
export interface Caller {
  id: string;
  token: string;
  json(pathname: string, init?: TestInit): Promise<{ status: number; headers: Headers; body: Json }>;
  client(): Client;
}

export const commonPassword = 'securepassword';

/** Requests with these credentials; none where the token is empty. */
export function callerOf(app: TestApp, token: string, id = ''): Caller {
  const headers: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` };
  return {
    id,
    token,
    json: (pathname, init = {}) =>
      app.json(pathname, { ...init, auth: false, headers: { ...headers, ...init.headers } }),
    client: () => createClient(app.url, token === '' ? {} : { token }),
  };
}

/** Signs in over the documented API. */
export async function signInAs(app: TestApp, username: string, password = commonPassword): Promise<Caller> {
  const { status, body } = await app.json('/api/auth/login', { body: { username, password }, auth: false });
  if (status !== 200) throw new Error(`${username} cannot sign in: ${JSON.stringify(body)}`);
  return callerOf(app, body.data.token, body.data.user.id);
}

/** Makes an account and signs it in. */
export async function addPerson(app: TestApp, username: string, more: Json = {}): Promise<Caller> {
  const account = { username, password: commonPassword, ...more };
  const { status, body } = await app.json('/api/users', { body: account });
  if (status !== 201) throw new Error(`${username} was not made: ${JSON.stringify(body)}`);
  return signInAs(app, username);
}
