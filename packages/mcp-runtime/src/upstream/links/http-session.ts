import type { IncomingHttpHeaders } from 'node:http';
import type { RemoteLaunch } from '../../types.ts';
import { checkUrl } from '../url-guard.ts';
import { toTarget } from './http-client.ts';
import { configuredHeaders, headerSet, type HeaderSet } from './http-headers.ts';
import type { Target } from './target.ts';

/** The target and headers of one link's messages. */
export interface HttpSession {
  target: () => Target;
  inSession: () => boolean;
  /** Headers of a message; the same object until something changes. */
  post: () => HeaderSet;
  stream: (lastEventId: string | null) => HeaderSet;
  end: () => HeaderSet;
  agreeOn: (protocolVersion: string) => void;
  /** Learns the session and the final address from an answer. */
  learn: (headers: IncomingHttpHeaders, from: Target) => void;
}

/** Checks the launch and prepares its headers. Throws LinkError. */
export function createHttpSession(launch: RemoteLaunch): HttpSession {
  const configured = configuredHeaders(launch.headers);
  let target = toTarget(checkUrl(launch.url, launch));
  let id: string | null = null;
  let protocolVersion: string | null = null;

  function common() {
    return [
      ...(id === null ? [] : ['mcp-session-id', id]),
      ...(protocolVersion === null ? [] : ['mcp-protocol-version', protocolVersion]),
    ];
  }
  function preparePost() {
    return headerSet(
      ['content-type', 'application/json', 'accept', 'application/json, text/event-stream', ...common()],
      configured,
    );
  }
  let post = preparePost();

  return {
    target: () => target,
    inSession: () => id !== null,
    post: () => post,
    stream: (lastEventId) => {
      const last = lastEventId === null ? [] : ['last-event-id', lastEventId];
      return headerSet(['accept', 'text/event-stream', ...common(), ...last], configured);
    },
    end: () => headerSet(['accept', 'application/json', ...common()], configured),
    agreeOn: (version) => {
      protocolVersion = version;
      post = preparePost();
    },
    learn: (headers, from) => {
      // Saves a redirect with every message (frameworks that add a slash).
      if (from.origin === target.origin) target = from;
      const given = headers['mcp-session-id'];
      if (typeof given !== 'string' || given === id) return;
      id = given;
      post = preparePost();
    },
  };
}
