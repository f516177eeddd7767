import { randomUUID } from 'node:crypto';
import { type Ctx, DomainError } from '@switchboard/core';
import { runtimeCredentialOf } from '@switchboard/core/access';
import { translateRpcError } from '@switchboard/core/calls';
import { getServer } from '@switchboard/core/servers';
import type { Credential, EndpointSelection, JsonObject } from '@switchboard/mcp-runtime/types';
import { createHeld } from './held-runs.ts';
import type { RunInput, OpenRunInput, AnswerInput, RunEvent } from './playground-schema.ts';
import { createQueue, type Queue } from './queue.ts';

interface Question {
  answer(result: JsonObject): void;
  decline(reason: string): void;
}

interface Run {
  person: string;
  credential: string;
  asks: Map<string, Question>;
}

interface Opened {
  input: RunInput;
  credential: Credential;
  selection: EndpointSelection;
}

/** The code that revision 2025-11-25 shows for a sampling request the user rejects. */
const declinedByUser = -1;

/** The person's refusal, as the server hears it. */
class Declined extends Error {
  override name = 'Declined';
  readonly code = declinedByUser;
}

/** A tool as the page can call it. */
export interface OfferedTool {
  type: 'tool';
  name: string;
  title: string | null;
  description: string | null;
  enabled: true;
  definition: JsonObject;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function toOffered(definition: JsonObject): OfferedTool[] {
  const { name, title, description } = definition;
  if (typeof name !== 'string') return [];
  return [{ type: 'tool', name, title: textOf(title), description: textOf(description), enabled: true, definition }];
}

/** Runs calls whose progress and questions go to a person. One for the process. */
export interface Playground {
  /** Keeps what is to be run for a minute; its id runs it once. */
  hold(core: Ctx, input: RunInput): { heldId: string };
  run(core: Ctx, input: OpenRunInput, signal: AbortSignal): AsyncIterable<RunEvent>;
  answer(core: Ctx, input: AnswerInput): void;
  /** What a server offers to a client that can be asked, as the page can: more than to others with some servers. */
  tools(core: Ctx, serverId: string): Promise<OfferedTool[]>;
}

const queuedEvents = 1000;

/** With a token, so that the server reports progress. */
function paramsOf(input: RunInput, progressToken: string): JsonObject {
  const named =
    input.method === 'resources/read' ? { uri: input.name } : { name: input.name, arguments: input.arguments };
  return { ...named, _meta: { progressToken } };
}

function toErrorEvent(error: unknown, durationMs: number): RunEvent {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  const data: unknown = error instanceof Error ? Reflect.get(error, 'data') : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const known = typeof code === 'number';
  return { type: 'error', code: known ? code : -32603, message, durationMs, ...(data !== undefined && { data }) };
}

/** Puts a server's question to the page and waits for its answer. */
function askThrough(run: Run, queue: Queue<RunEvent>) {
  return (request: { method: string; params: JsonObject }, signal: AbortSignal): Promise<JsonObject> =>
    new Promise((resolve, reject) => {
      const askId = randomUUID();
      function finish() {
        return run.asks.delete(askId);
      }
      signal.addEventListener(
        'abort',
        () => {
          finish();
          reject(new Error('The call ended before the question was answered.'));
        },
        { once: true },
      );
      run.asks.set(askId, {
        answer: (result) => {
          finish();
          resolve(result);
        },
        decline: (reason) => {
          finish();
          reject(new Declined(reason));
        },
      });
      queue.push({ type: 'ask', askId, method: request.method, params: request.params });
    });
}

/** Keeps the open runs, so that an answer finds its question; bounded by person, whatever sign-ins there are. */
export function createPlayground({ runsPerPerson }: { runsPerPerson: number }): Playground {
  const runs = new Map<string, Run>();
  const held = createHeld(runsPerPerson);

  function assertRoom(person: string): void {
    const mine = [...runs.values()].filter((run) => run.person === person);
    if (mine.length >= runsPerPerson) {
      throw new DomainError('limit_exceeded', `You have ${mine.length} runs open; end one before you start another.`);
    }
  }

  function hold({ actor }: Ctx, input: RunInput): { heldId: string } {
    const { person, key: credential } = runtimeCredentialOf(actor);
    const bytes = Buffer.byteLength(JSON.stringify(input));
    return { heldId: held.add({ person, credential, input, bytes }) };
  }

  function inputOf(core: Ctx, input: OpenRunInput): RunInput {
    if (!('heldId' in input)) return input;
    const found = held.take(input.heldId, runtimeCredentialOf(core.actor).key);
    if (found) return found;
    throw new DomainError('not_found', 'Nothing is held under this id any more: hold the run again.');
  }

  /** Not a generator itself: what is wrong is told before the stream begins, and nothing is tried again. */
  function run(core: Ctx, opened: OpenRunInput, signal: AbortSignal): AsyncIterable<RunEvent> {
    const input = inputOf(core, opened);
    const at = openedFor(core, input.serverId);
    assertRoom(at.credential.person);
    return follow(core, { input, ...at }, signal);
  }

  function openedFor(core: Ctx, serverId: string): Pick<Opened, 'credential' | 'selection'> {
    const credential = runtimeCredentialOf(core.actor);
    const selection = core.selectServer(credential, serverId);
    if (selection) return { credential, selection };
    throw new DomainError('not_found', `There is no server "${serverId}" that you may use.`);
  }

  async function tools(core: Ctx, serverId: string): Promise<OfferedTool[]> {
    const { id, can } = await getServer(core, { id: serverId });
    if (!can.use) throw new DomainError('forbidden', 'Your groups let you see this server, not use it.');
    const request = {
      ...openedFor(core, id),
      method: 'tools/list',
      params: {},
      via: 'playground',
      clientName: 'switchboard-playground',
      signal: core.signal,
      requestId: core.requestId,
      ask: () => Promise.reject(new Declined('A list asks nobody.')),
    };
    const result = await core.runtime.call(request).catch((error: unknown) => {
      throw translateRpcError(error, id);
    });
    const listed = result['tools'];
    return Array.isArray(listed) ? listed.flatMap((each: JsonObject) => toOffered(each)) : [];
  }

  async function* follow(core: Ctx, opened: Opened, signal: AbortSignal): AsyncIterable<RunEvent> {
    const { input, credential, selection } = opened;
    const runId = randomUUID();
    const current: Run = { person: credential.person, credential: credential.key, asks: new Map() };
    runs.set(runId, current);
    const ending = new AbortController();
    const either = AbortSignal.any([signal, ending.signal]);
    const queue = createQueue<RunEvent>({ max: queuedEvents, signal: either });
    const startedAt = core.clock.now();
    function elapsed() {
      return core.clock.now() - startedAt;
    }
    const call = core.runtime.call({
      credential,
      selection,
      method: input.method,
      params: paramsOf(input, runId),
      via: 'playground',
      clientName: 'switchboard-playground',
      signal: either,
      requestId: core.requestId,
      onNotification: ({ method, params }) => queue.push({ type: 'notification', method, params }),
      ask: askThrough(current, queue),
    });
    void call
      .then(
        (result) => queue.push({ type: 'result', result, durationMs: elapsed() }),
        (error: unknown) => queue.push(toErrorEvent(error, elapsed())),
      )
      .finally(() => queue.end());
    try {
      yield { type: 'started', runId };
      yield* queue;
    } finally {
      ending.abort();
      runs.delete(runId);
    }
  }

  return {
    hold,
    run,
    tools,
    answer(core, input) {
      const found = runs.get(input.runId);
      const asked = found?.credential === runtimeCredentialOf(core.actor).key ? found.asks.get(input.askId) : undefined;
      if (!asked) throw new DomainError('not_found', 'This question is not open any more.');
      if ('result' in input) asked.answer(input.result);
      else asked.decline(input.declined);
    },
  };
}
