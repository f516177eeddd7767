import { randomUUID } from 'node:crypto';
import { isObject } from '@switchboard/basics';
import type { CancelSignal } from '../../hot/cancellation.ts';
import { ErrorCode, RpcError } from '../../rpc.ts';
import type { JsonObject } from '../../types.ts';
import type { AskClient } from '../sessions/peer.ts';

/** Rounds of questions one call may take before the hub gives up on it. */
const maxRounds = 25;

export function isInputRequired(result: JsonObject): boolean {
  return result['resultType'] === 'input_required';
}

interface InputRequest {
  method: string;
  params: JsonObject;
}

export function inputRequests(result: JsonObject): [string, InputRequest][] {
  const requests = result['inputRequests'];
  if (!isObject(requests)) return [];
  return Object.entries(requests).flatMap(([key, request]) => {
    if (!isObject(request) || typeof request['method'] !== 'string') return [];
    const params = isObject(request['params']) ? request['params'] : {};
    return [[key, { method: request['method'], params }] as [string, InputRequest]];
  });
}

/** Session revisions want an id with a URL question, by which its completion can be notified; 2026-07-28 has none. */
function forSession(method: string, params: JsonObject): JsonObject {
  if (method !== 'elicitation/create' || params['mode'] !== 'url' || params['elicitationId'] !== undefined)
    return params;
  return { ...params, elicitationId: randomUUID() };
}

/**
 * Carries a 2026 server's questions to a client that is asked by requests: puts each question, sends the
 * request again with the answers, until the server gives a result (specification 2026-07-28, input required).
 */
export async function answerInputRequired(
  first: JsonObject,
  params: JsonObject,
  options: { ask: AskClient | null; signal: CancelSignal; resend: (params: JsonObject) => Promise<JsonObject> },
): Promise<JsonObject> {
  let result = first;
  for (let round = 0; isInputRequired(result); round++) {
    const { ask } = options;
    if (round >= maxRounds)
      throw new RpcError(ErrorCode.internal, `The server asked ${maxRounds} times without coming to a result`);
    const requests = inputRequests(result);
    if (requests.length > 0 && ask === null) {
      const methods = requests.map(([, request]) => request.method).join(', ');
      throw new RpcError(ErrorCode.missingCapability, `The server needs ${methods}, which this client does not offer`);
    }
    const answers = await Promise.all(
      requests.map(async ([key, { method, params: asked }]) => {
        const answer = await ask?.(method, forSession(method, asked), { signal: options.signal });
        return [key, answer ?? {}] as const;
      }),
    );
    const again: JsonObject = { ...params, inputResponses: Object.fromEntries(answers) };
    if (typeof result['requestState'] === 'string') again['requestState'] = result['requestState'];
    else delete again['requestState'];
    result = await options.resend(again);
  }
  return result;
}
