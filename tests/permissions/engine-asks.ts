import type { Caller } from '../support/people.ts';

/** Things on an engine that others are asked about. */
export interface EngineThings {
  container: string;
  volume: string;
  network: string;
  image: string;
  stack: string;
  run: string;
}

/** Of each kind of thing, what is not there. */
export const ghosts = { id: 'ghost', name: 'ghost', network: 'ghost', image: 'ghost', runId: 'ghost' };

/** Procedure, what it is asked about, and the rest of its input. */
export function askedOf(things: EngineThings): [string, object, object?][] {
  const { container: id, volume: name, network, image, stack, run: runId } = things;
  const contained: [string, object?][] = [
    ['get'],
    ['inspect'],
    ['start'],
    ['stop', { graceMs: 0 }],
    ['restart'],
    ['pause'],
    ['unpause'],
    ['kill'],
    ['rename', { name: 'stolen' }],
    ['update', { restart: 'no' }],
    ['remove', { force: true }],
    ['logs'],
    ['exec', { command: ['env'] }],
    ['openTerminal'],
    ['files', { path: '/' }],
    ['readFile', { path: '/etc/passwd' }],
    ['writeFiles', { directory: '/tmp', files: [{ path: 'a', text: 'b' }] }],
    ['copyIn', { directory: '/tmp', archive: '' }],
  ];
  const stacked: [string, object?][] = [
    ['get'],
    ['update', { content: 'services: {}' }],
    ['versions'],
    ['diff', { from: 1, to: 1 }],
    ['restore', { number: 1 }],
    ['revealEnv'],
    ['up'],
    ['down'],
    ['stop'],
    ['restart'],
    ['scale', { service: 'web', replicas: 2 }],
    ['updates'],
    ['logs'],
    ['remove'],
  ];
  return [
    ...contained.map(([action, more = {}]): [string, object, object] => [`containers.${action}`, { id }, more]),
    ...stacked.map(([action, more = {}]): [string, object, object] => [`stacks.${action}`, { id: stack }, more]),
    ['volumes.get', { name }],
    ['volumes.remove', { name, force: true }],
    ['networks.get', { network }],
    ['networks.remove', { network }],
    ['images.get', { image }],
    ['images.tag', { image }, { as: 'stolen:1' }],
    ['images.remove', { image }],
    ['engines.cancelRun', { runId }],
  ];
}

const queries = /\.(?:get|inspect|logs|files|readFile|updates|versions|diff|list)$/;
/** Asks a procedure over HTTP, and gives its answer whatever it is. */
export function call(caller: Caller, procedure: string, input: object) {
  return queries.test(procedure)
    ? caller.json(`/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`)
    : caller.json(`/trpc/${procedure}`, { method: 'POST', body: input });
}

/** An answer without what names the thing that was asked about. */
export function said(answer: { status: number; body: unknown }, ...ids: string[]): string {
  return ids
    .reduce((text, id) => text.replaceAll(id, '…'), `${answer.status} ${JSON.stringify(answer.body)}`)
    .replaceAll(/"requestId":"[^"]*"/g, '');
}
