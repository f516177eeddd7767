import { expect } from 'vitest';
import type { TestApp } from '../app.ts';
import { modernExchange } from '../mcp/raw.ts';
import { type Browser, browserOf } from './person.ts';

export const patience = { timeout: 60_000, interval: 50 };

/** The settings of a remote server that a test gives. */
type Given = Parameters<ReturnType<TestApp['client']>['servers']['create']['mutate']>[0];

/** Registers a hosted server and waits until it asks for a sign-in. */
export async function registerHosted(app: TestApp, url: string, given: Partial<Given> = {}): Promise<void> {
  await app.client().servers.create.mutate({ id: 'hosted', kind: 'streamable-http', url, ...given });
  await expect.poll(() => stateOf(app), patience).not.toBe('starting');
}

export async function stateOf(app: TestApp): Promise<string> {
  const { status } = await app.client().servers.get.query({ id: 'hosted' });
  if (status.phase === 'running') return 'running';
  return status.needsSignIn || (await signInState(app)).wanted ? 'needs-sign-in' : status.phase;
}

export function browserAt(app: TestApp, token = app.token): Browser {
  return browserOf(app.url, { authorization: `Bearer ${token}` });
}

/** The address that the hub sends a person to. */
export async function beginSignIn(app: TestApp): Promise<string> {
  const { url } = await app.client().signIns.begin.mutate({ id: 'hosted' });
  if (url === null) throw new Error('Nobody is needed.');
  return url;
}

/** Signs in as the browser's person would: to the other service, and back. */
export async function signIn(app: TestApp): Promise<{ url: string; status: number; text: string }> {
  return browserAt(app).go(await beginSignIn(app));
}

/** Registers, signs in, and waits until the server runs. */
export async function signedIn(app: TestApp, url: string, given: Partial<Given> = {}): Promise<void> {
  await registerHosted(app, url, given);
  await signIn(app);
  await expect.poll(() => stateOf(app), patience).toBe('running');
}

/** Who the server says calls it, or the error as JSON. */
export async function whoami(app: TestApp, token = app.token): Promise<string> {
  const { reply } = await modernExchange(
    `${app.url}/mcp`,
    'tools/call',
    { name: 'hosted__whoami', arguments: {} },
    { headers: { authorization: `Bearer ${token}` } },
  );
  const result = reply['result'] as { content?: { text?: string }[] } | undefined;
  return result?.content?.[0]?.text ?? JSON.stringify(reply);
}

export function signInState(app: TestApp) {
  return app.client().signIns.get.query({ id: 'hosted' });
}
