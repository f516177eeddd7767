import { isObject } from '@switchboard/basics';
import { hubsOwn } from '../../methods.ts';
import { mapNamed, mapRead } from '../../named-uris.ts';
import { decodeHeaderValue, paramHeaders } from '../../param-headers.ts';
import { resourceCandidates } from '../../reach.ts';
import { ErrorCode, RpcError } from '../../rpc.ts';
import type { Catalog, HasTool, JsonObject, WhyHidden } from '../../types.ts';
import { notOn } from '../../upstream/failures.ts';
import type { Upstream } from '../../upstream/upstream.ts';
import type { List, Route, Routes, View } from '../../view.ts';
import type { CallerTasks } from '../asks/sent-caller.ts';
import { learnForList, learnForName } from '../sessions/offers.ts';
import { rawResult, type Call, type Peer, type Result } from '../sessions/peer.ts';
import type { Target } from '../target.ts';
import { joinTaskLists } from '../tasks/task-lists.ts';
import type { Tasks } from '../tasks/tasks.ts';
import type { Forwarder } from './forward.ts';
import { assertKnowsTasks, destinationOf, methodNotFound, ownTasks, shownTasks } from './other-methods.ts';
import { longestName, readyView, whereNeeded } from './ready-view.ts';
import { listResult } from './results.ts';

/**
 * Routes one request of a peer to the servers its view allows, or answers it from the view. Throws at once, or
 * rejects, with RpcError: nearly every request goes through here, and each promise on its way has its price.
 */
export interface Router {
  handle(peer: Peer, method: string, params: JsonObject, call: Call): Result | Promise<Result>;
}

export interface RouterOptions {
  forwarder: Forwarder;
  upstream(serverId: string): Upstream;
  catalogOf(serverId: string): Catalog | null;
  whyHidden: WhyHidden;
  /** The tasks and the people who were given them. */
  tasks: Tasks;
  /** Waits for what callers have to do first. */
  doings: CallerTasks;
  /** Name and version the hub gives as its own. */
  hubInfo: JsonObject;
}

function text(params: JsonObject, key: string, method: string): string {
  const value = params[key];
  if (typeof value === 'string') return value;
  throw invalid(`${method} needs ${key}, a string`);
}

function invalid(what: string): RpcError {
  return new RpcError(ErrorCode.invalidParams, `Invalid params: ${what}`);
}

/** A 2026 client mirrors marked arguments in headers; they must agree, whatever the server behind speaks (SEP-2243). */
function checkParamHeaders(call: Call, route: Route, params: JsonObject): void {
  if (call.paramHeaders === null) return;
  const args = isObject(params['arguments']) ? params['arguments'] : {};
  for (const [name, expected] of Object.entries(paramHeaders(route.definition['inputSchema'], args))) {
    const given = call.paramHeaders[name];
    if (given !== undefined && decodeHeaderValue(given) === decodeHeaderValue(expected)) continue;
    const problem = given === undefined ? 'is absent' : 'names another value';
    throw new RpcError(
      ErrorCode.headerMismatch,
      `Bad Request: the request headers and body disagree: the ${name} header ${problem}`,
    );
  }
}

function named(kind: string, routes: Routes, name: string): Route {
  const route = routes.get(name);
  if (route === undefined) throw unknown(kind, name);
  return route;
}

function unknown(kind: string, name: string): RpcError {
  return new RpcError(ErrorCode.invalidParams, `Unknown ${kind}: ${name}`);
}

/** Of these there are none where the server is turned off. */
const listing = new Set(['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list']);

/** One request on its way through the router. */
interface RouteRequest {
  options: RouterOptions;
  peer: Peer;
  call: Call;
  method: string;
  params: JsonObject;
  /** The view of the peer. */
  view: View;
}

/** Answers a list at once, or when it is known what is there for this client. */
function wholeList(asked: RouteRequest, key: List): Result | Promise<Result> {
  const learning = learnForList(asked.options, asked.peer, asked.view);
  if (learning === null) return list(asked, key);
  return learning.then(() => list({ ...asked, view: asked.peer.view() }, key));
}

function list({ options, peer, params, view }: RouteRequest, key: List): Result {
  if (params['cursor'] !== undefined && params['cursor'] !== null) {
    throw new RpcError(ErrorCode.invalidParams, 'Invalid cursor: this list has one page. Ask again without cursor.');
  }
  return rawResult(listResult(peer.era, key, view.json(key), view.serverInfo ?? options.hubInfo));
}

/** Sends the request to a server; URIs in the result are those of the endpoint. */
function forwardToServer(
  asked: RouteRequest,
  to: Pick<Target, 'serverId' | 'name' | 'inputSchema' | 'counts'>,
): Promise<JsonObject> {
  const { options, peer, call, method, params, view } = asked;
  const { record = null, quiet = false } = view.at(to.serverId)?.server ?? {};
  const { prefixed } = view.selection;
  const sent = options.forwarder.forward(peer, call, { ...to, method, params, record, quiet, prefixed });
  const { apart } = view;
  return apart === null ? sent : sent.then((result) => mapNamed(result, (uri) => apart.shown(to.serverId, uri)));
}

/** Passes on what names a tool or prompt; a name that is unknown may be of what only such a client is offered. */
function onNamed(
  asked: RouteRequest,
  kind: 'tools' | 'prompts',
  then: (at: Route) => Promise<Result>,
): Promise<Result> {
  const { options, peer, method, params, view } = asked;
  const name = text(params, 'name', method);
  const word = kind === 'tools' ? 'tool' : 'prompt';
  const at = view[kind].get(name);
  if (at !== undefined) return then(at);
  const learning = learnForName(options, peer, view, name);
  function learned(): Promise<Result> {
    const found = peer.view()[kind].get(name);
    return found === undefined ? refuse(asked, word, name) : then(found);
  }
  return learning === null ? refuse(asked, word, name) : learning.then(learned);
}

/**
 * A request for an item that does not exist, or not for this caller, is recorded: at the endpoint where it names no
 * server.
 */
function refuse({ options, peer, call, method, params, view }: RouteRequest, word: string, name: string): never {
  const [only = peer.endpoint, ...others] = view.serverIds;
  const serverId = view.selection.prefixed || others.length > 0 ? peer.endpoint : only;
  const error = unknown(word, name);
  const has: HasTool = (id, tool) => options.catalogOf(id)?.tools.some((item) => item['name'] === tool) ?? false;
  const hidden = word === 'tool' ? options.whyHidden(peer.credential, peer.endpoint, name, has) : null;
  options.forwarder.refused(peer, call, { serverId, method, params, name: name.slice(0, longestName) }, error, hidden);
  throw error;
}

function callTool(asked: RouteRequest): Promise<Result> {
  const { call, params } = asked;
  return onNamed(asked, 'tools', (at) => {
    checkParamHeaders(call, at, params);
    params['name'] = at.name;
    return forwardToServer(asked, { serverId: at.serverId, name: at.name, inputSchema: at.definition['inputSchema'] });
  });
}

function getPrompt(asked: RouteRequest): Promise<Result> {
  return onNamed(asked, 'prompts', (at) => {
    asked.params['name'] = at.name;
    return forwardToServer(asked, { serverId: at.serverId, name: at.name });
  });
}

/** Whether a server says that it does not have the resource; another may. */
function isNotFound(error: unknown): boolean {
  if (!(error instanceof RpcError)) return false;
  return error.code === ErrorCode.resourceNotFound || error.code === ErrorCode.invalidParams;
}

async function onResource(asked: RouteRequest): Promise<Result> {
  const { options, peer, call, method, params, view } = asked;
  const uri = text(params, 'uri', method);
  const candidates = resourceCandidates(view, uri, peer.mentions, options.catalogOf);
  const code = peer.era === 'modern' ? ErrorCode.invalidParams : ErrorCode.resourceNotFound;
  let failure: unknown = new RpcError(code, `Resource not found: ${uri}`, { uri });
  for (const [at, { serverId, uri: own, sure }] of candidates.entries()) {
    const last = at === candidates.length - 1;
    try {
      const sent = { ...(last ? params : structuredClone(params)), uri: own };
      const result = await forwardToServer({ ...asked, params: sent }, { serverId, name: own });
      // Under the name that the client asked for, and what comes with it as the endpoint shows it.
      return mapRead(result, (read) => (read === own ? uri : (view.apart?.shown(serverId, read) ?? read)));
    } catch (error) {
      // Of a server that only might have it, its own trouble is no answer.
      if (call.signal.aborted || (sure && !isNotFound(error))) throw error;
      if (sure || candidates.length === 1) failure = error;
    }
  }
  throw failure;
}

/** The reference of a completion; throws where it, or the argument to complete, is missing. */
function refOf(params: JsonObject): JsonObject {
  const { ref, argument } = params;
  const known = isObject(ref) && (ref['type'] === 'ref/prompt' || ref['type'] === 'ref/resource');
  const kinds = '{"type": "ref/prompt", "name"} or {"type": "ref/resource", "uri"}';
  if (!known) throw invalid(`completion/complete needs ref, which is ${kinds}`);
  const complete = isObject(argument) && typeof argument['name'] === 'string' && typeof argument['value'] === 'string';
  if (!complete) throw invalid('completion/complete needs argument, an object with name and value, both strings');
  return ref;
}

function complete(asked: RouteRequest): Promise<Result> {
  const { options, peer, params, view } = asked;
  const ref = refOf(params);
  if (ref['type'] === 'ref/prompt') {
    const route = named('prompt', view.prompts, text(ref, 'name', 'completion/complete: ref'));
    const renamed = { ...params, ref: { ...ref, name: route.name } };
    return forwardToServer({ ...asked, params: renamed }, { serverId: route.serverId, name: route.name });
  }
  const uri = text(ref, 'uri', 'completion/complete: ref');
  const found =
    view.unmark(uri) ??
    view.templates.flatMap(({ serverId, template }) => (template === uri ? [{ serverId, uri }] : []))[0] ??
    resourceCandidates(view, uri, peer.mentions, options.catalogOf)[0];
  if (found === undefined) throw new RpcError(ErrorCode.invalidParams, `Unknown resource template: ${uri}`);
  const own = { ...params, ref: { ...ref, uri: found.uri } };
  return forwardToServer({ ...asked, params: own }, { serverId: found.serverId, name: found.uri });
}

/** Methods the hub does not know (tasks, extensions). */
async function routeOther(asked: RouteRequest): Promise<Result> {
  assertKnowsTasks(asked);
  if (asked.method === 'tasks/list' && asked.view.selection.prefixed) return listTasks(asked);
  const { serverId, taskId, counts, own, explain } = await destinationOf(asked.options, asked);
  try {
    const params = taskId === null ? asked.params : { ...asked.params, taskId };
    return own(await forwardToServer({ ...asked, params }, { serverId, name: taskId, counts }));
  } catch (error) {
    throw explain(error);
  }
}

/** The tasks of all servers that have a list of them. */
function listTasks(asked: RouteRequest): Promise<Result> {
  const { options, peer, params, view } = asked;
  return joinTaskLists(view, peer, params, async (serverId, page) => {
    const result = await forwardToServer({ ...asked, params: page }, { serverId, name: null });
    return shownTasks(options, peer, serverId, await ownTasks(options, peer, serverId, result));
  });
}

/** Refuses a call of a server that is off: its endpoint stays, for when it is on again. */
function assertOn({ view: { selection }, method }: RouteRequest): void {
  if (selection.prefixed || selection.servers.length > 0 || listing.has(method)) return;
  throw notOn({ id: selection.endpoint, desired: 'stopped' });
}

function route(asked: RouteRequest): Result | Promise<Result> {
  assertOn(asked);
  switch (asked.method) {
    case 'tools/list':
      return wholeList(asked, 'tools');
    case 'prompts/list':
      return wholeList(asked, 'prompts');
    case 'resources/list':
      return wholeList(asked, 'resources');
    case 'resources/templates/list':
      return wholeList(asked, 'resourceTemplates');
    case 'tools/call':
      return callTool(asked);
    case 'prompts/get':
      return getPrompt(asked);
    case 'resources/read':
      return onResource(asked);
    case 'completion/complete':
      return complete(asked);
    default:
      return routeOther(asked);
  }
}

export function createRouter(options: RouterOptions): Router {
  return {
    handle(peer, method, params, call) {
      if (hubsOwn.has(method)) throw methodNotFound(method);
      const ready = readyView(options, peer.view, peer, call.signal);
      if (!(ready instanceof Promise)) return route({ options, peer, call, method, params, view: ready });
      return ready.then(
        (view) => route({ options, peer, call, method, params, view }),
        (error: unknown) => {
          const asked = { peer, call, method, params };
          return whereNeeded(options, asked, error, (view) => route({ ...asked, options, view }));
        },
      );
    },
  };
}
