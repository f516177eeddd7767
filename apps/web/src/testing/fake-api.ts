import { waitFor } from '@testing-library/react';
import { createTRPCClient, TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable, type Observer } from '@trpc/server/observable';
import type { AppRouter } from '@switchboard/api';
import type { DomainErrorCode } from '@switchboard/core';
import type { Inputs, Outputs } from '../lib/trpc.ts';

type Procedures<Record> = {
  [Name in keyof Record & string]: Record[Name] extends { _def: { procedure: true } }
    ? Name
    : `${Name}.${Procedures<Record[Name]>}`;
}[keyof Record & string];

/** A procedure of the hub: 'servers.list'. */
export type Path = Procedures<AppRouter['_def']['record']>;

type At<Tree, P extends string> = P extends `${infer Router}.${infer Rest}`
  ? Router extends keyof Tree
    ? At<Tree[Router], Rest>
    : never
  : P extends keyof Tree
    ? Tree[P]
    : never;

export type InputOf<P extends Path> = At<Inputs, P>;
export type OutputOf<P extends Path> = At<Outputs, P>;

/** The router's types say never where a procedure answers nothing. */
type IsNothing<Output> = [Output] extends [never] ? true : false;

/** What a stream tells piece by piece; never for a procedure that is none. */
export type ToldBy<P extends Path> =
  IsNothing<OutputOf<P>> extends true ? never : OutputOf<P> extends AsyncIterable<infer Told> ? Told : never;

type ErrorData = NonNullable<TRPCClientError<AppRouter>['data']>;

/** What the hub refuses with, in the shape of the domain's errors. */
export class Refusal extends Error {
  readonly data: ErrorData;

  constructor(code: DomainErrorCode, message: string, details: Partial<Omit<ErrorData, 'code' | 'reason'>>) {
    super(message);
    const [name, httpStatus] = statuses[code];
    const none = { why: null, fields: [], path: '', requestId: null, mfaRequired: false, retryAfterSeconds: null };
    this.data = { ...none, httpStatus, ...details, code: name, reason: code };
  }
}

const statuses: Record<DomainErrorCode, [ErrorData['code'], number]> = {
  invalid: ['BAD_REQUEST', 400],
  unauthenticated: ['UNAUTHORIZED', 401],
  forbidden: ['FORBIDDEN', 403],
  not_found: ['NOT_FOUND', 404],
  conflict: ['CONFLICT', 409],
  limit_exceeded: ['TOO_MANY_REQUESTS', 429],
  precondition: ['PRECONDITION_FAILED', 412],
  unavailable: ['BAD_GATEWAY', 502],
  timeout: ['GATEWAY_TIMEOUT', 504],
  internal: ['INTERNAL_SERVER_ERROR', 500],
};

/** An answer by which the hub refuses; `fields` are what forms show beside their inputs. */
export function refuse(
  code: DomainErrorCode,
  message: string,
  {
    fields = {},
    ...details
  }: Omit<ConstructorParameters<typeof Refusal>[2], 'fields'> & { fields?: Record<string, string> } = {},
): Refusal {
  const named = Object.entries(fields).map(([field, text]) => ({ field, message: text, why: null }));
  return new Refusal(code, message, { ...details, fields: named });
}

/** An answer that does not come while the test runs. */
export const waiting = Symbol('waiting');

/** The answer of a procedure that has nothing to tell. */
export const nothing = Symbol('nothing');

type Plain<P extends Path> = IsNothing<OutputOf<P>> extends true ? typeof nothing : OutputOf<P>;
type Reply<P extends Path> = ([ToldBy<P>] extends [never] ? Plain<P> : readonly ToldBy<P>[]) | Refusal | typeof waiting;

/** What the hub answers; a stream tells its items at once and stays open. */
export type Answer<P extends Path> = Reply<P> | ((input: NonNullable<Exclude<InputOf<P>, void>>) => Reply<P>);
export type Answers = { [P in Path]?: Answer<P> };

interface OpenStream {
  path: Path;
  input: unknown;
  observer: Observer<unknown, TRPCClientError<AppRouter>>;
}

/** As JSON, which is what the page gets of the hub. */
function overTheWire(value: unknown): unknown {
  return value === nothing ? undefined : JSON.parse(JSON.stringify(value));
}

/**
 * A client of the hub's API that answers from a table. Answers are typed by the router, so that one of another shape
 * does not compile. What is asked and not in the table is noted by name.
 */
export function createFakeApi(given: Answers) {
  const answers = new Map(Object.entries(given)) as Map<string, unknown>;
  const calls: { path: Path; input: unknown }[] = [];
  const unanswered = new Set<string>();
  const streams = new Set<OpenStream>();

  function replyTo(path: Path, input: unknown): unknown {
    calls.push({ path, input });
    if (!answers.has(path)) {
      unanswered.add(path);
      return refuse('internal', `The test has no answer for ${path}.`);
    }
    const answer = answers.get(path);
    return typeof answer === 'function' ? (answer as (input: unknown) => unknown)(input) : answer;
  }

  const link: TRPCLink<AppRouter> =
    () =>
    ({ op }) =>
      observable((observer) => {
        const path = op.path as Path;
        const reply = replyTo(path, op.input);
        if (reply === waiting) return undefined;
        if (reply instanceof Refusal) {
          const { message, data } = reply;
          observer.error(TRPCClientError.from({ error: { code: -32_603, message, data: { ...data, path } } }));
          return undefined;
        }
        if (op.type !== 'subscription') {
          observer.next({ result: { type: 'data', data: overTheWire(reply) } });
          observer.complete();
          return undefined;
        }
        const stream: OpenStream = { path, input: op.input, observer: observer as OpenStream['observer'] };
        streams.add(stream);
        observer.next({ result: { type: 'started' } });
        for (const data of reply as unknown[]) observer.next({ result: { type: 'data', data: overTheWire(data) } });
        return () => void streams.delete(stream);
      });

  /** Streams of a procedure; one that a component is about to open is waited for. */
  async function of(path: Path): Promise<OpenStream[]> {
    return waitFor(() => {
      const found = [...streams].filter((stream) => stream.path === path);
      if (found.length === 0) throw new Error(`No stream of ${path} is open.`);
      return found;
    });
  }

  return {
    client: createTRPCClient<AppRouter>({ links: [link] }),
    /** Inputs of all calls of a procedure, in their order. */
    sent<P extends Path>(path: P): InputOf<P>[] {
      return calls.filter((call) => call.path === path).map(({ input }) => input as InputOf<P>);
    },
    /** Answers a procedure differently from now on. */
    answer<P extends Path>(path: P, answer: Answer<P>): void {
      answers.set(path, answer);
    },
    /** Tells open streams of a procedure something. */
    async tell<P extends Path>(path: P, ...told: ToldBy<P>[]): Promise<void> {
      for (const { observer } of await of(path)) {
        for (const data of told) observer.next({ result: { type: 'data', data: overTheWire(data) } });
      }
    },
    /** Ends open streams of a procedure, as the hub does when there is nothing more to tell. */
    async end(path: Path): Promise<void> {
      for (const { observer } of await of(path)) observer.complete();
    },
    /** Procedures that were asked for and have no answer. */
    unanswered: (): string[] => [...unanswered],
  };
}
