import { withSignal, type CallOptions, type Connection } from '../engine/connection.ts';
import { createDescriber } from '../engine/describe-all.ts';
import { absent, soughtName } from '../engine/names.ts';
import { answeredList } from '../engine/shape.ts';
import type { Watcher } from '../engine/watch.ts';
import { DockerError } from '../errors.ts';
import type { Images, PullProgress } from '../images/images.ts';
import { createContainerDetails } from './container-details.ts';
import type { ContainerInfo } from './container-info.ts';
import {
  toCreateOptions,
  toLimits,
  toRestartPolicy,
  type ContainerLimits,
  type CreateContainer,
} from './create-spec.ts';

export interface ListContainers extends CallOptions {
  /** Stopped ones too; default true. */
  all?: boolean;
  /** Labels a container has to carry: `name` or `name=value`. */
  labels?: readonly string[];
}

export interface CreateOptions extends CallOptions {
  /** Default `missing`. */
  pull?: 'missing' | 'always' | 'never';
  /** Default false. */
  start?: boolean;
  onProgress?: (progress: PullProgress) => void;
}

export interface StopOptions extends CallOptions {
  /** Milliseconds until it is killed; default is the container's own, else 10 s. */
  graceMs?: number;
}

export interface Containers {
  list(options?: ListContainers): Promise<ContainerInfo[]>;
  /** By full id, unambiguous beginning of an id, or name. */
  get(reference: string, options?: CallOptions): Promise<ContainerInfo>;
  /** The engine's own description, untouched. */
  inspect(reference: string, options?: CallOptions): Promise<Record<string, unknown>>;
  /** A container that was created and did not start stays; the error says so. */
  create(input: CreateContainer, options?: CreateOptions): Promise<ContainerInfo>;
  start(reference: string, options?: CallOptions): Promise<ContainerInfo>;
  stop(reference: string, options?: StopOptions): Promise<ContainerInfo>;
  restart(reference: string, options?: StopOptions): Promise<ContainerInfo>;
  pause(reference: string, options?: CallOptions): Promise<ContainerInfo>;
  unpause(reference: string, options?: CallOptions): Promise<ContainerInfo>;
  kill(reference: string, options?: CallOptions & { killSignal?: string }): Promise<ContainerInfo>;
  rename(reference: string, name: string, options?: CallOptions): Promise<ContainerInfo>;
  /** Changes limits and restart policy of a container, running or not. */
  update(
    reference: string,
    change: { limits?: ContainerLimits; restart?: string },
    options?: CallOptions,
  ): Promise<ContainerInfo>;
  /** Resolves with the exit code once it has ended. */
  wait(reference: string, options?: CallOptions): Promise<number>;
  remove(reference: string, options?: CallOptions & { force?: boolean; volumes?: boolean }): Promise<void>;
}

/** The time that a stop may take besides the grace period. */
const stopMarginMs = 60_000;
const defaultGraceMs = 10_000;

/** The error about a container, under the name that the caller gave instead of the engine's id. */
function named(error: unknown, id: string, reference: string): unknown {
  if (!(error instanceof DockerError) || !error.message.includes(id)) return error;
  const { code, field, status } = error;
  const details = { cause: error, ...(field !== null && { field }), ...(status !== null && { status }) };
  return new DockerError(
    code,
    error.message.replaceAll(id, () => reference),
    details,
  );
}

/** The containers of one engine. */
export function createContainers(connection: Connection, watcher: Watcher, images: Images): Containers {
  const { docker } = connection;
  const details = createContainerDetails(connection, watcher);
  const describe = createDescriber(details, watcher);
  function raw(id: string) {
    return docker.getContainer(id);
  }
  // Read once when the engine answers, so that the first list is as fast as the next.
  watcher.onState(({ phase }) => {
    if (phase === 'reachable') list().catch(() => {});
  });

  async function get(reference: string, options: CallOptions = {}) {
    try {
      return await details.read(soughtName('container', reference), options);
    } catch (error) {
      throw explain(error, reference);
    }
  }

  /** Runs one action, then reads the state again: the engine answers before and knows better after. */
  async function act(
    reference: string,
    options: CallOptions,
    run: (id: string, signal: AbortSignal) => Promise<unknown>,
  ) {
    const { id } = await get(reference, options);
    try {
      await connection.call((signal) => run(id, signal), options);
    } catch (error) {
      // 304: it already is in that state.
      if (!(error instanceof DockerError && error.status === 304)) throw named(error, id, reference);
    }
    return await get(id, options);
  }

  async function list(options: ListContainers = {}) {
    const answer = await connection.call(
      (signal) => docker.listContainers(withSignal(listQuery(options), signal)),
      options,
    );
    return await describe(answeredList(answer, 'containers'), options);
  }

  return {
    get,
    list,
    inspect: async (reference, options = {}) => {
      const { id } = await get(reference, options);
      const found = await connection.call((signal) => raw(id).inspect(withSignal({}, signal)), options);
      return found as unknown as Record<string, unknown>;
    },
    create: async (input, options = {}) => {
      const spec = toCreateOptions(input);
      const { pull = 'missing', onProgress = () => {}, signal } = options;
      const image = spec.Image ?? '';
      const pullOptions = { onProgress, ...(signal === undefined ? {} : { signal }) };
      if (pull === 'always' || (pull === 'missing' && !(await images.has(image, options)))) {
        await images.pull(image, pullOptions);
      }
      const created = await connection
        .call((abort) => docker.createContainer(withSignal(spec, abort)), options)
        .catch((error: unknown) => {
          throw explainCreate(error, image, input.name);
        });
      const made = await get(created.id, options);
      if (options.start !== true) return made;
      return await act(created.id, options, (id, abort) => raw(id).start(withSignal({}, abort))).catch(
        (error: unknown) => {
          throw explainStart(error, made.name);
        },
      );
    },
    start: (reference, options = {}) => act(reference, options, (id, signal) => raw(id).start(withSignal({}, signal))),
    stop: (reference, options = {}) =>
      act(reference, patient(options), (id, signal) => raw(id).stop(withSignal(grace(options), signal))),
    restart: (reference, options = {}) =>
      act(reference, patient(options), (id, signal) => raw(id).restart(withSignal(grace(options), signal))),
    pause: (reference, options = {}) => act(reference, options, (id, signal) => raw(id).pause(withSignal({}, signal))),
    unpause: (reference, options = {}) =>
      act(reference, options, (id, signal) => raw(id).unpause(withSignal({}, signal))),
    kill: (reference, options = {}) =>
      act(reference, options, async (id, signal) => {
        await raw(id).kill(withSignal({ signal: options.killSignal ?? 'SIGKILL' }, signal));
        // The engine answers as soon as the signal is sent.
        if (options.killSignal === undefined) await raw(id).wait({ condition: 'not-running', abortSignal: signal });
      }),
    rename: (reference, name, options = {}) =>
      act(reference, options, (id, signal) => raw(id).rename(withSignal({ name }, signal))),
    update: (reference, { limits = {}, restart }, options = {}) => {
      const change = {
        ...toLimits(limits),
        ...(restart === undefined ? {} : { RestartPolicy: toRestartPolicy(restart) }),
      };
      return act(reference, options, (id, signal) => raw(id).update(withSignal(change, signal)));
    },
    wait: async (reference, options = {}) => {
      const { id } = await get(reference, options);
      const ended = (await connection.call(
        (signal) => raw(id).wait({ condition: 'not-running', abortSignal: signal }),
        { ...options, timeoutMs: options.timeoutMs ?? 0 },
      )) as { StatusCode: number };
      return ended.StatusCode;
    },
    remove: async (reference, { force = false, volumes = false, ...options } = {}) => {
      const { id, name, status } = await get(reference, options);
      if (!force && (status === 'running' || status === 'paused' || status === 'restarting')) {
        throw new DockerError(
          'conflict',
          `The container ${name} is ${status}: stop it first, or remove it with force.`,
        );
      }
      await connection.call((signal) => raw(id).remove(withSignal({ force, v: volumes }, signal)), options);
    },
  };
}

function listQuery({ all = true, labels = [] }: ListContainers) {
  return { all, ...(labels.length === 0 ? {} : { filters: { label: [...labels] } }) };
}

function grace({ graceMs }: StopOptions): { t?: number } {
  return graceMs === undefined ? {} : { t: Math.ceil(graceMs / 1000) };
}

function patient(options: StopOptions): CallOptions {
  return { ...options, timeoutMs: options.timeoutMs ?? (options.graceMs ?? defaultGraceMs) + stopMarginMs };
}

function explain(error: unknown, reference: string): unknown {
  if (!(error instanceof DockerError)) return error;
  if (error.code === 'not_found') return absent('container', reference);
  // Engines word it differently, and some answer 400, others 500.
  if (/multiple IDs found|ambiguous/i.test(error.message)) {
    return new DockerError(
      'conflict',
      `Several containers have an id that begins with "${reference}": give more of it.`,
    );
  }
  return error;
}

function explainCreate(error: unknown, image: string, name: string | undefined): unknown {
  if (!(error instanceof DockerError)) return error;
  if (error.status === 404 && /no such image/i.test(error.message)) {
    return new DockerError('not_found', `There is no image "${image}" on the engine: pull it first.`, { status: 404 });
  }
  if (error.status === 409) {
    return new DockerError(
      'conflict',
      `The container name "${name ?? ''}" is in use: choose another, or remove that container.`,
      {
        status: 409,
        field: 'name',
      },
    );
  }
  return error;
}

function explainStart(error: unknown, name: string): unknown {
  if (!(error instanceof DockerError)) return error;
  const { code, status, message } = error;
  return new DockerError(code, `The container "${name}" was made and stays, but did not start: ${message}`, {
    ...(status !== null && { status }),
    cause: error,
  });
}
