import { decodeHeaderValue, paramHeaders } from '../param-headers.ts';
import { ErrorCode, isObject, RpcError } from '../rpc.ts';
import type { Catalog, JsonObject } from '../types.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { resourceCandidates } from '../view.ts';
import type { Route, View } from '../view.ts';
import type { Forwarder } from './forward.ts';
import type { Call, Peer, Result } from './peer.ts';
import { listResult } from './results.ts';

/** Routes one request of a peer to the servers its view allows, or answers it from the view. */
export interface Router {
  handle(peer: Peer, method: string, params: JsonObject, call: Call): Promise<Result>;
}

export interface RouterOptions {
  forwarder: Forwarder;
  upstream(serverId: string): Upstream;
  catalogOf(serverId: string): Catalog | null;
  /** Name and version the hub gives as its own. */
  hubInfo: JsonObject;
}

/** URIs a conversation remembers the server of; the oldest go first. */
const MENTIONED_LIMIT = 1000;

export function methodNotFound(method: string): RpcError {
  return new RpcError(ErrorCode.methodNotFound, `Method not found: ${method}`);
}

function text(params: JsonObject, key: string, method: string): string {
  const value = params[key];
  if (typeof value === 'string') return value;
  throw new RpcError(ErrorCode.invalidParams, `Invalid params: ${method} needs ${key}, a string`);
}

function remember(peer: Peer, serverId: string, result: JsonObject): void {
  const { mentioned } = peer;
  if (mentioned === null) return;
  const note = (uri: unknown): void => {
    if (typeof uri !== 'string') return;
    mentioned.delete(uri);
    mentioned.set(uri, serverId);
    if (mentioned.size > MENTIONED_LIMIT) mentioned.delete(mentioned.keys().next().value ?? '');
  };
  const content = result['content'];
  if (Array.isArray(content)) {
    for (const item of content) {
      if (!isObject(item)) continue;
      if (item['type'] === 'resource_link') note(item['uri']);
      else if (isObject(item['resource'])) note(item['resource']['uri']);
    }
  }
  const task = isObject(result['task']) ? result['task'] : result;
  if (typeof task['taskId'] === 'string') note(taskKey(task['taskId']));
}

const taskKey = (id: string): string => `task:${id}`;

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

export function createRouter(options: RouterOptions): Router {
  const { forwarder } = options;

  const named = (kind: string, routes: ReadonlyMap<string, Route>, name: string): Route => {
    const route = routes.get(name);
    if (route === undefined) throw new RpcError(ErrorCode.invalidParams, `Unknown ${kind}: ${name}`);
    return route;
  };

  /** Waits for a first catalog where a whole endpoint hangs on one server nobody has listed yet. */
  const ready = async (peer: Peer, call: Call): Promise<View> => {
    const view = peer.view();
    const [only] = view.serverIds;
    if (view.selection.prefixed || only === undefined || options.catalogOf(only) !== null) return view;
    await options.upstream(only).primary.ensure(call.signal);
    return peer.view();
  };

  const list = async (peer: Peer, call: Call, params: JsonObject, key: keyof View['json']): Promise<Result> => {
    if (params['cursor'] !== undefined) {
      throw new RpcError(ErrorCode.invalidParams, 'Invalid cursor: this list has one page. Ask again without cursor.');
    }
    const view = await ready(peer, call);
    return { raw: listResult(peer.era, key, view.json[key], view.serverInfo ?? options.hubInfo) };
  };

  const callTool = async (peer: Peer, call: Call, params: JsonObject): Promise<Result> => {
    const view = await ready(peer, call);
    const route = named('tool', view.tools, text(params, 'name', 'tools/call'));
    checkParamHeaders(call, route, params);
    params['name'] = route.name;
    const target = {
      serverId: route.serverId,
      method: 'tools/call',
      params,
      name: route.name,
      inputSchema: route.definition['inputSchema'],
    };
    const result = await forwarder.forward(peer, call, target);
    remember(peer, route.serverId, result);
    return result;
  };

  const getPrompt = async (peer: Peer, call: Call, params: JsonObject): Promise<Result> => {
    const view = await ready(peer, call);
    const route = named('prompt', view.prompts, text(params, 'name', 'prompts/get'));
    params['name'] = route.name;
    return forwarder.forward(peer, call, { serverId: route.serverId, method: 'prompts/get', params, name: route.name });
  };

  const onResource = async (peer: Peer, call: Call, method: string, params: JsonObject): Promise<Result> => {
    const view = await ready(peer, call);
    const uri = text(params, 'uri', method);
    const candidates = view.hidden.has(uri)
      ? []
      : resourceCandidates(view, uri, peer.mentioned?.get(uri), options.catalogOf);
    let failure: unknown = new RpcError(
      peer.era === 'modern' ? ErrorCode.invalidParams : ErrorCode.resourceNotFound,
      `Resource not found: ${uri}`,
      { uri },
    );
    for (const serverId of candidates) {
      try {
        return await forwarder.forward(peer, call, { serverId, method, params: structuredClone(params), name: uri });
      } catch (error) {
        failure = error;
        if (call.signal.aborted) break;
      }
    }
    throw failure;
  };

  const complete = async (peer: Peer, call: Call, params: JsonObject): Promise<Result> => {
    const view = await ready(peer, call);
    const ref = isObject(params['ref']) ? params['ref'] : {};
    if (ref['type'] === 'ref/prompt') {
      const route = named('prompt', view.prompts, text(ref, 'name', 'completion/complete'));
      const sent = { ...params, ref: { ...ref, name: route.name } };
      return forwarder.forward(peer, call, {
        serverId: route.serverId,
        method: 'completion/complete',
        params: sent,
        name: route.name,
      });
    }
    const uri = text(ref, 'uri', 'completion/complete');
    const serverId =
      view.templates.find((entry) => entry.template === uri)?.serverId ??
      resourceCandidates(view, uri, peer.mentioned?.get(uri), options.catalogOf)[0];
    if (serverId === undefined) throw new RpcError(ErrorCode.invalidParams, `Unknown resource template: ${uri}`);
    return forwarder.forward(peer, call, { serverId, method: 'completion/complete', params, name: uri });
  };

  /** Methods the hub does not know (tasks, extensions) go to the only server, or the one that made the task. */
  const passOn = async (peer: Peer, call: Call, method: string, params: JsonObject): Promise<Result> => {
    const view = await ready(peer, call);
    const taskId = params['taskId'];
    const byTask = typeof taskId === 'string' ? peer.mentioned?.get(taskKey(taskId)) : undefined;
    const serverId = byTask ?? (view.selection.prefixed ? undefined : view.serverIds[0]);
    if (serverId === undefined || !view.serverIds.includes(serverId)) throw methodNotFound(method);
    const result = await forwarder.forward(peer, call, {
      serverId,
      method,
      params,
      name: typeof taskId === 'string' ? taskId : null,
    });
    remember(peer, serverId, result);
    return result;
  };

  return {
    handle(peer, method, params, call) {
      switch (method) {
        case 'tools/list':
          return list(peer, call, params, 'tools');
        case 'prompts/list':
          return list(peer, call, params, 'prompts');
        case 'resources/list':
          return list(peer, call, params, 'resources');
        case 'resources/templates/list':
          return list(peer, call, params, 'resourceTemplates');
        case 'tools/call':
          return callTool(peer, call, params);
        case 'prompts/get':
          return getPrompt(peer, call, params);
        case 'resources/read':
          return onResource(peer, call, method, params);
        case 'completion/complete':
          return complete(peer, call, params);
        default:
          return passOn(peer, call, method, params);
      }
    },
  };
}
