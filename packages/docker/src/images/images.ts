import type { Readable } from 'node:stream';
import { toMap } from '../containers/container-info.ts';
import { withSignal, type CallOptions, type Connection } from '../engine/connection.ts';
import { readJsonLines } from '../engine/json-lines.ts';
import { removeEach, type PrunePreview, type PruneResult } from '../engine/prune.ts';
import {
  answeredList,
  number,
  odd,
  record,
  secondsToTime,
  text,
  textMap,
  texts,
  type Fields,
} from '../engine/shape.ts';
import { DockerError, toDockerError } from '../errors.ts';
import { packBuildContext } from './build-context.ts';
import { formatImageReference, parseImageReference } from './image-reference.ts';
import { createPullMeter, failOn, type PullProgress } from './pull-progress.ts';

export type { PullProgress } from './pull-progress.ts';

export interface ImageSummary {
  id: string;
  tags: string[];
  digests: string[];
  /** RFC 3339. */
  created: string;
  bytes: number;
  labels: Record<string, string>;
  /** Containers made of it, stopped ones too. */
  containers: number;
}

export interface ImageDetails {
  id: string;
  tags: string[];
  created: string;
  bytes: number;
  architecture: string;
  os: string;
  user: string;
  workingDir: string;
  entrypoint: string[];
  command: string[];
  environment: Record<string, string>;
  exposedPorts: string[];
  /** Instructions that are carried out in every build on it. */
  onBuild: string[];
  labels: Record<string, string>;
}

export interface RegistryLogin {
  username: string;
  password: string;
  serveraddress?: string;
}

export interface PullOptions {
  onProgress?: (progress: PullProgress) => void;
  login?: RegistryLogin;
  signal?: AbortSignal;
}

export interface BuildImage {
  /** A folder (its .dockerignore holds), or a tar archive. */
  context: string | Readable | Buffer;
  tag?: string;
  /** Path inside the context; default `Dockerfile`. */
  dockerfile?: string;
  buildArgs?: Readonly<Record<string, string>>;
  labels?: Readonly<Record<string, string>>;
  target?: string;
  noCache?: boolean;
  onOutput?: (text: string) => void;
  signal?: AbortSignal;
}

export interface Images {
  list(options?: CallOptions): Promise<ImageSummary[]>;
  get(reference: string, options?: CallOptions): Promise<ImageDetails>;
  has(reference: string, options?: CallOptions): Promise<boolean>;
  pull(reference: string, options?: PullOptions): Promise<void>;
  /** Resolves with the image's id. */
  build(input: BuildImage): Promise<string>;
  /** Whether its registry holds another image under this name by now; null where the image never came from one. */
  hasUpdate(reference: string, options?: CallOptions & { login?: RegistryLogin }): Promise<boolean | null>;
  tag(reference: string, as: string, options?: CallOptions): Promise<void>;
  remove(reference: string, options?: CallOptions & { force?: boolean }): Promise<void>;
  /** The unused images: those without a tag, or with `all` every image without a container. */
  previewPrune(options?: CallOptions & { all?: boolean }): Promise<PrunePreview<ImageSummary>>;
  /** Removes exactly these ids. */
  prune(ids: readonly string[], options?: CallOptions): Promise<PruneResult>;
}

/** The images of one engine. */
export function createImages(connection: Connection): Images {
  const { docker } = connection;
  async function inspect(reference: string, options: CallOptions): Promise<Fields> {
    const found: unknown = await connection
      .call((signal) => docker.getImage(reference).inspect(withSignal({}, signal)), options)
      .catch((error: unknown) => {
        throw missing(error, reference);
      });
    if (text(record(found)['Id']) === '') throw odd('the description of an image');
    return record(found);
  }

  async function list(options: CallOptions = {}): Promise<ImageSummary[]> {
    const [images, containers] = await Promise.all([
      connection.call((signal) => docker.listImages(withSignal({}, signal)), options),
      connection.call((signal) => docker.listContainers(withSignal({ all: true }, signal)), options),
    ]);
    const used = Map.groupBy(answeredList(containers, 'containers'), ({ ImageID }) => text(ImageID));
    return answeredList(images, 'images')
      .filter((image) => text(image['Id']) !== '')
      .map((image) => toSummary(image, used.get(text(image['Id']))?.length ?? 0));
  }

  return {
    list,
    get: async (reference, options = {}) => {
      const raw = await inspect(checked(reference), options);
      const config = record(raw['Config']);
      return {
        id: text(raw['Id']),
        tags: texts(raw['RepoTags']),
        created: text(raw['Created']),
        bytes: number(raw['Size']),
        architecture: text(raw['Architecture']),
        os: text(raw['Os']),
        user: text(config['User']),
        workingDir: text(config['WorkingDir']),
        entrypoint: texts(config['Entrypoint']),
        command: texts(config['Cmd']),
        environment: toMap(texts(config['Env'])),
        exposedPorts: Object.keys(record(config['ExposedPorts'])),
        onBuild: texts(config['OnBuild']),
        labels: textMap(config['Labels']),
      };
    },
    has: async (reference, options = {}) => {
      try {
        await inspect(checked(reference), options);
        return true;
      } catch (error) {
        if (error instanceof DockerError && error.code === 'not_found') return false;
        throw error;
      }
    },
    pull: (reference, options = {}) => pull(connection, reference, options),
    build: (input) => build(connection, input),
    hasUpdate: async (reference, { login, ...options } = {}) => {
      const { repository, tag } = parseImageReference(reference);
      const known = texts((await inspect(checked(reference), options))['RepoDigests']).filter((digest) =>
        digest.startsWith(`${repository}@`),
      );
      if (known.length === 0 || tag.startsWith('sha256:')) return null;
      const there: unknown = await connection.call(
        (signal) => docker.getImage(checked(reference)).distribution(withSignal({ authconfig: login ?? {} }, signal)),
        options,
      );
      const digest = text(record(record(there)['Descriptor'])['digest']);
      return digest === '' ? null : !known.includes(`${repository}@${digest}`);
    },
    tag: async (reference, as, options = {}) => {
      const { repository: repo, tag } = parseImageReference(as);
      await connection.call(
        (signal) => docker.getImage(checked(reference)).tag(withSignal({ repo, tag }, signal)),
        options,
      );
    },
    remove: async (reference, { force = false, ...options } = {}) => {
      await connection
        .call((signal) => docker.getImage(checked(reference)).remove(withSignal({ force }, signal)), options)
        .catch((error: unknown) => {
          throw missing(error, reference);
        });
    },
    previewPrune: async ({ all = false, ...options } = {}) => {
      const unused = (await list(options)).filter(
        ({ containers, tags }) => containers === 0 && (all || tags.length === 0),
      );
      return { items: unused, bytes: unused.reduce((sum, { bytes }) => sum + bytes, 0) };
    },
    prune: (ids, options = {}) =>
      removeEach(ids, async (id) => {
        const tags = texts((await inspect(checked(id), options))['RepoTags']);
        // By its tags first: an image with several can otherwise only be removed by force.
        for (const name of tags.length === 0 ? [id] : tags) {
          await connection.call((signal) => docker.getImage(name).remove(withSignal({}, signal)), options);
        }
      }),
  };
}

async function pull(connection: Connection, reference: string, options: PullOptions): Promise<void> {
  const { repository, tag } = parseImageReference(reference);
  const { onProgress = () => {}, login, signal } = options;
  const meter = createPullMeter();
  try {
    const stream = await connection.call(
      (abort) =>
        connection.docker.createImage(login, withSignal({ fromImage: repository, tag }, abort)) as Promise<unknown>,
      { signal, timeoutMs: 0 },
    );
    for await (const message of readJsonLines<unknown>(stream as Readable)) onProgress(meter(message));
  } catch (error) {
    const known = toDockerError(signal?.aborted === true ? abortError() : error, connection.host);
    if (known.code === 'unreachable' || known.code === 'cancelled') throw known;
    throw new DockerError(
      known.code,
      `The image "${formatImageReference({ repository, tag, registry: null })}" could not be pulled: ${known.message}`,
      {
        cause: error,
      },
    );
  }
}

async function build(connection: Connection, input: BuildImage): Promise<string> {
  const { context, tag, dockerfile, buildArgs, labels, target, noCache = false, onOutput = () => {}, signal } = input;
  const query = {
    ...(tag === undefined ? {} : { t: formatImageReference(parseImageReference(tag)) }),
    ...(dockerfile === undefined ? {} : { dockerfile }),
    ...(buildArgs === undefined ? {} : { buildargs: { ...buildArgs } }),
    ...(labels === undefined ? {} : { labels: { ...labels } }),
    ...(target === undefined ? {} : { target }),
    nocache: noCache,
    rm: true,
    forcerm: true,
  };
  const source = typeof context === 'string' ? await packBuildContext(context) : context;
  try {
    const stream = await connection.call(
      (abort) => connection.docker.buildImage(source as NodeJS.ReadableStream, withSignal(query, abort)),
      { signal, timeoutMs: 0 },
    );
    let id = '';
    for await (const message of readJsonLines<unknown>(stream as Readable)) {
      failOn(message);
      const { stream: said, aux } = record(message);
      if (typeof said === 'string') onOutput(said);
      id = text(record(aux)['ID'], id);
    }
    return id;
  } catch (error) {
    throw toDockerError(signal?.aborted === true ? abortError() : error, connection.host);
  }
}

function abortError(): DOMException {
  return new DOMException('The caller gave up.', 'AbortError');
}

function toSummary(image: Fields, containers: number): ImageSummary {
  return {
    id: text(image['Id']),
    tags: texts(image['RepoTags']).filter((tag) => tag !== '<none>:<none>'),
    digests: texts(image['RepoDigests']).filter((digest) => digest !== '<none>@<none>'),
    created: secondsToTime(image['Created']),
    bytes: number(image['Size']),
    labels: textMap(image['Labels']),
    containers,
  };
}

/** A reference goes into a path: ids and well-formed names only. */
function checked(reference: string): string {
  const text = reference.trim();
  return /^(sha256:)?[0-9a-f]{7,64}$/.test(text) ? text : formatImageReference(parseImageReference(text));
}

function missing(error: unknown, reference: string): unknown {
  if (!(error instanceof DockerError) || error.code !== 'not_found') return error;
  return new DockerError('not_found', `There is no image "${reference}" on the engine.`, { status: 404 });
}
