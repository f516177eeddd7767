import { isObject } from '@switchboard/basics';
import type { ContainerInfo } from '../containers/container-info.ts';
import type { LogQuery } from '../containers/container-output.ts';
import type { CallOptions } from '../engine/connection.ts';
import type { Engine } from '../engine/engine.ts';
import type { LogLine } from '../engine/log-lines.ts';
import { DockerError, invalid, type DockerErrorCode } from '../errors.ts';
import { checkCompose, type ComposeModel } from '../policy/policy-compose.ts';
import type { PolicyRules, Violation } from '../policy/policy.ts';
import { checkStackSources, realPath } from './compose-files.ts';
import { hasProfiles, makeReady, valuesOf, type Ready } from './compose-lookups.ts';
import type { ComposeRunner } from './compose-run.ts';
import {
  projectLabel,
  serviceLabel,
  planOf,
  statusOf,
  toFound,
  type DeclaredService,
  type FoundProject,
  type ProjectStatus,
  type ServiceChange,
} from './compose-status.ts';
import { entries } from './compose-values.ts';
import { merge } from './merge.ts';

/** A stack on disk. */
export interface Stack {
  project: string;
  /** Absolute; Compose works in it. */
  folder: string;
  /** Name of the Compose file in the folder. */
  file: string;
  /** Name of the environment file in the folder; null where there is none. */
  envFile: string | null;
  /** The folder that a draft represents while a text is checked: findings name its files. */
  draftOf?: string;
}

export interface ComposeCall {
  signal?: AbortSignal;
  mask?: (text: string) => string;
}

export interface UpOptions extends ComposeCall {
  /** Only these services and what they need. */
  services?: readonly string[];
  scale?: Readonly<Record<string, number>>;
  /** The environment that `check` returned with the model. */
  environment?: Readonly<Record<string, string>>;
  /** Labels for everything that is made. */
  labels?: Readonly<Record<string, string>>;
  pull?: 'always' | 'missing' | 'never';
  build?: boolean;
  forceRecreate?: boolean;
}

export type ComposeRules = Omit<PolicyRules, 'folder' | 'realPath'> & { realPath?: (path: string) => string };

export interface Compose {
  /** The resolved model. Rejects with DockerError `invalid` where the stack is none, or reads what it may not. */
  config(stack: Stack, options?: ComposeCall): Promise<ComposeModel>;
  /** Everything that may not be, before anything starts; an empty list is a permission. */
  check(stack: Stack, rules: ComposeRules, options?: ComposeCall): Promise<Ready & { violations: Violation[] }>;
  /** Starts a resolved model: exactly what was checked, whatever the files say by now. Gives the output line by line. */
  up(stack: Stack, model: ComposeModel, options?: UpOptions): AsyncGenerator<string>;
  /** Removes the project's containers and networks, and its volumes only where asked. */
  down(stack: Pick<Stack, 'project' | 'folder'>, options?: ComposeCall & { volumes?: boolean }): AsyncGenerator<string>;
  stop(
    stack: Pick<Stack, 'project' | 'folder'>,
    options?: ComposeCall & { services?: readonly string[] },
  ): AsyncGenerator<string>;
  restart(
    stack: Pick<Stack, 'project' | 'folder'>,
    options?: ComposeCall & { services?: readonly string[] },
  ): AsyncGenerator<string>;
  pull(stack: Stack, model: ComposeModel, options?: ComposeCall): AsyncGenerator<string>;
  /** The changes that `up` would make to each service. */
  plan(stack: Stack, model: ComposeModel, options?: UpOptions): Promise<ServiceChange[]>;
  /** By labels: the declared services, and those that run without being declared. */
  status(project: string, declared: readonly DeclaredService[], options?: CallOptions): Promise<ProjectStatus>;
  /**
   * The output of its services as it arrives; of one service where it is named. Ends with the containers that exist
   * now.
   */
  logs(
    project: string,
    query?: LogQuery & { service?: string; follow?: boolean },
  ): AsyncGenerator<LogLine & { service: string; container: string }>;
  /** Every project on the engine, whoever started it. */
  projects(options?: CallOptions): Promise<FoundProject[]>;
}

/** Errors that do not depend on the content. */
const notItsFault: ReadonlySet<DockerErrorCode> = new Set(['unreachable', 'cancelled', 'timeout']);

/** Stacks on one engine, run by the real Compose. */
export function createCompose(engine: Engine, runner: ComposeRunner): Compose {
  const remote = engine.connection.engineHost.kind !== 'socket';

  async function config(stack: Stack, options: ComposeCall = {}, all = false): Promise<ComposeModel> {
    const [first] = await sourcesOutside(stack);
    if (first !== undefined) throw invalid(first.where === '' ? 'content' : first.where, first.message);
    const settle = settled(stack);
    const words = [...fileWords(stack), ...(all ? ['--profile', '*'] : []), 'config', '--format', 'json'];
    function mask(line: string) {
      return settle((options.mask ?? String)(line));
    }
    const text = await runner.capture(words, { ...options, mask, folder: stack.folder }).catch((error: unknown) => {
      throw error instanceof DockerError && !notItsFault.has(error.code) ? invalid('content', error.message) : error;
    });
    const model: unknown = JSON.parse(settle(text));
    if (!isObject(model)) throw invalid('content', 'has to be a Compose file.');
    return model;
  }
  function byProject(project: string, options: CallOptions) {
    return engine.containers.list({ ...options, labels: [`${projectLabel}=${project}`] });
  }
  function onModel(stack: Stack, model: ComposeModel, words: readonly string[], options: UpOptions) {
    return runner.stream([...modelWords(stack), ...words], {
      ...options,
      folder: stack.folder,
      input: JSON.stringify(model),
    });
  }
  function onProject(stack: Pick<Stack, 'project' | 'folder'>, words: readonly string[], options: ComposeCall) {
    return runner.stream(['--progress', 'plain', '--ansi', 'never', '-p', stack.project, ...words], {
      ...options,
      folder: stack.folder,
    });
  }

  return {
    config,
    check: async (stack, rules, options = {}) => {
      const outside = await sourcesOutside(stack);
      if (outside.length > 0) return { model: {}, environment: {}, violations: outside };
      // Profiles only hide services: hidden ones are checked too, and without any the result is the same.
      const everything = await config(stack, options, true);
      const resolved = hasProfiles(everything) ? await config(stack, options) : everything;
      const ready = await makeReady(resolved, (names) =>
        valuesOf(runner, envWords(stack), stack.folder, names, options),
      );
      const realPathOf = rules.realPath ?? (remote ? (path: string) => path : realPath);
      const folder = realPathOf(stack.draftOf ?? stack.folder);
      return { ...ready, violations: checkCompose(everything, { ...rules, folder, realPath: realPathOf }) };
    },
    up: (stack, model, options = {}) =>
      onModel(stack, labelled(model, options.labels ?? {}), upWords(options), options),
    pull: (stack, model, options = {}) => onModel(stack, model, ['pull', '--ignore-buildable'], options),
    down: (stack, options = {}) =>
      onProject(stack, ['down', '--remove-orphans', ...(options.volumes === true ? ['--volumes'] : [])], options),
    stop: (stack, options = {}) => onProject(stack, ['stop', ...serviceWords(options.services)], options),
    restart: (stack, options = {}) => onProject(stack, ['restart', ...serviceWords(options.services)], options),
    plan: async (stack, model, options = {}) => {
      const input = JSON.stringify(labelled(model, options.labels ?? {}));
      // The folder of a new stack does not exist yet.
      const words = [...modelWords(stack), 'config', '--hash', '*'];
      const text = await runner.capture(words, { ...options, folder: '/', input });
      const hashes = new Map(
        text
          .trim()
          .split('\n')
          .map((line) => line.split(' ') as [string, string]),
      );
      const containers = await byProject(stack.project, options);
      return planOf(
        hashes,
        Map.groupBy(containers, ({ labels }) => labels[serviceLabel] ?? ''),
      );
    },
    status: async (project, declared, options = {}) => statusOf(await byProject(project, options), declared),
    logs: (project, query = {}) => composeLogs(engine, project, query),
    projects: async (options = {}) => {
      const containers = await engine.containers.list({ ...options, labels: [projectLabel] });
      const groups = Map.groupBy(containers, ({ labels }) => labels[projectLabel] ?? '');
      return [...groups].map(([project, members]) => toFound(project, members));
    },
  };
}

async function sourcesOutside({ folder, file, envFile, draftOf }: Stack): Promise<Violation[]> {
  const found = await checkStackSources(folder, file, envFile, draftOf);
  const settle = settled({ folder, draftOf });
  return found.map((violation) => ({ ...violation, message: settle(violation.message) }));
}

/** Puts the stack's own folder in the place of a draft's, whose name nothing else has. */
function settled({ folder, draftOf }: Pick<Stack, 'folder'> & { draftOf?: string | undefined }) {
  return (text: string): string => (draftOf === undefined ? text : text.replaceAll(folder, draftOf));
}

async function* composeLogs(
  engine: Engine,
  project: string,
  { service, signal, ...query }: LogQuery & { service?: string; follow?: boolean },
): AsyncGenerator<LogLine & { service: string; container: string }> {
  const labels = [`${projectLabel}=${project}`, ...(service === undefined ? [] : [`${serviceLabel}=${service}`])];
  const containers = await engine.containers.list({ labels, signal });
  const leave = new AbortController();
  const until = signal === undefined ? leave.signal : AbortSignal.any([signal, leave.signal]);
  const sources = containers.map((container) =>
    named(container, engine.output.logs(container.id, { ...query, signal: until })),
  );
  try {
    yield* merge(sources);
  } finally {
    leave.abort();
  }
}

/** A container whose output cannot be read does not stop the others: it gets a line of its own about that. */
async function* named({ name, labels }: ContainerInfo, lines: AsyncGenerator<LogLine>) {
  const from = { service: labels[serviceLabel] ?? '', container: name };
  try {
    for await (const line of lines) yield { ...line, ...from };
  } catch (error) {
    if (!(error instanceof DockerError) || error.code === 'unreachable') throw error;
    yield { stream: 'stderr' as const, time: null, text: `The log cannot be read: ${error.message}`, ...from };
  }
}

function envWords({ project, folder, envFile }: Stack): string[] {
  return ['--project-directory', folder, '-p', project, '--env-file', envFile ?? '/dev/null'];
}

function fileWords(stack: Stack): string[] {
  return [...envWords(stack), '-f', stack.file];
}

function modelWords({ project, folder }: Stack): string[] {
  const words = ['--progress', 'plain', '--ansi', 'never', '--project-directory', folder, '-p', project];
  return [...words, '--env-file', '/dev/null', '-f', '-'];
}

function upWords({ services, scale = {}, pull, build = false, forceRecreate = false }: UpOptions): string[] {
  return [
    'up',
    '--detach',
    '--remove-orphans',
    ...Object.entries(scale).map(([service, count]) => `--scale=${service}=${count}`),
    ...(pull === undefined ? [] : [`--pull=${pull}`]),
    ...(build ? ['--build'] : []),
    ...(forceRecreate ? ['--force-recreate'] : []),
    ...serviceWords(services),
  ];
}

function serviceWords(services: readonly string[] = []): string[] {
  return services.length === 0 ? [] : ['--', ...services];
}

/** The model with labels on everything that is made of it. */
function labelled(model: ComposeModel, labels: Readonly<Record<string, string>>): ComposeModel {
  if (Object.keys(labels).length === 0) return model;
  const escaped = Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [name, value.replaceAll('$', '$$$$')]),
  );
  function add(value: unknown) {
    return Object.fromEntries(
      entries(value).map(([name, entry]) => [
        name,
        entry['external'] === true ? entry : { ...entry, ...withLabels(entry, escaped), ...builtWith(entry, escaped) },
      ]),
    );
  }
  const made = ['services', 'networks', 'volumes'].filter((key) => isObject(model[key]));
  return { ...model, ...Object.fromEntries(made.map((key) => [key, add(model[key])])) };
}

type Labels = Readonly<Record<string, string>>;

function withLabels({ labels }: Record<string, unknown>, more: Labels): { labels: Record<string, unknown> } {
  return { labels: { ...(isObject(labels) ? labels : {}), ...more } };
}

function builtWith({ build }: Record<string, unknown>, more: Labels): { build?: unknown } {
  return isObject(build) ? { build: { ...build, ...withLabels(build, more) } } : {};
}
