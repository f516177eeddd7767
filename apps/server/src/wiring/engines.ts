import { lookup } from 'node:dns/promises';
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { DomainError, messageOf } from '@switchboard/core';
import { type Engines, type ManagedEngine, noEngine } from '@switchboard/core/engines';
import { say } from '@switchboard/core/reasons';
import {
  createCompose,
  createComposeRunner,
  createEngine,
  createStacks,
  type EngineHost,
  type EngineTls,
  parseEngineHost,
  parseImageReference,
  realPath,
} from '@switchboard/docker';
import { refuseAddress } from '@switchboard/mcp-runtime';
import { type Config, ConfigError } from '../config.ts';

/**
 * The reason why the engine may not ask an image's registry for a caller without the right to private addresses; null
 * where it may.
 */
async function refuseRegistry(image: string, allowedImages: readonly string[]): Promise<string | null> {
  const { registry } = parseImageReference(image);
  if (registry === null || registry === 'docker.io') return null;
  if (allowedImages.some((pattern) => pattern.startsWith(`${registry}/`))) return null;
  const host = registry.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  const found = isIP(host) === 0 ? await lookup(host, { all: true }).catch(() => []) : [{ address: host }];
  if (found.length === 0) return `${host} is not a name that this hub can resolve`;
  const reasons = found.map(({ address }) => refuseAddress(address, { allowPrivate: false }));
  return reasons.find((reason) => reason !== null) ?? null;
}

const usualSocket = '/var/run/docker.sock';

const NamedEngines = z.record(
  z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, 'names are lower-case letters, digits and -'),
  z.union([
    z.string().transform((host) => ({ host, certPath: undefined })),
    z.strictObject({ host: z.string().min(1), certPath: z.string().min(1).optional() }),
  ]),
);

interface EnginePlace {
  name: string;
  host: EngineHost;
  certPath: string | null;
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** The PEM files of a TLS engine, by the names the docker client gives them. */
function readTls(setting: string, folder: string | null): EngineTls | null {
  if (folder === null) return null;
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readIfThere(path.join(folder, name)));
  const tls = { ca, cert, key };
  if (tls.ca === undefined && tls.cert === undefined) {
    throw new ConfigError(`${setting}: ${folder} holds neither ca.pem nor cert.pem.`);
  }
  return tls;
}

function placeOf(setting: string, name: string, host: string, certPath: string | null): EnginePlace {
  const tls = readTls(setting, certPath);
  try {
    return { name, host: parseEngineHost(host, tls), certPath };
  } catch (error) {
    throw new ConfigError(`${setting}: ${messageOf(error)}`);
  }
}

function namedPlaces(setting: string | null): EnginePlace[] {
  if (setting === null) return [];
  let given: unknown;
  try {
    given = JSON.parse(setting.trimStart().startsWith('{') ? setting : readFileSync(setting, 'utf8'));
  } catch (error) {
    throw new ConfigError(
      `ENGINES: must be JSON like {"build":"ssh://user@host"}, or a file with it: ${messageOf(error)}`,
    );
  }
  const parsed = NamedEngines.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigError(`ENGINES: ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`);
  }
  return Object.entries(parsed.data).map(([name, { host, certPath }]) =>
    placeOf('ENGINES', name, host, certPath === undefined ? null : path.resolve(certPath)),
  );
}

/** The engine of DOCKER_HOST, or the usual one where it exists, and those of ENGINES. */
function placesOf(config: Config): EnginePlace[] {
  const { dockerHost, dockerCertPath } = config;
  const own =
    dockerHost !== null || existsSync(usualSocket)
      ? [placeOf('DOCKER_HOST', 'local', dockerHost ?? usualSocket, dockerCertPath)]
      : [];
  const named = namedPlaces(config.engines);
  return [...own.filter(({ name }) => !named.some((place) => place.name === name)), ...named];
}

function openEngine({ name, host, certPath }: EnginePlace, config: Config): ManagedEngine {
  const engine = createEngine({ name, host });
  const runner = createComposeRunner(host, {
    path: config.machine.path,
    configFolder: config.dockerConfig,
    ...(certPath !== null && { certFolder: certPath }),
  });
  const stacks = createStacks(path.join(config.stacksDir, name));
  return { name, engine, compose: createCompose(engine, runner), stacks };
}

/** Opens every engine there is to be: one that is away comes back by itself, and none keeps the hub from starting. */
export function openEngines(config: Config): { engines: Engines; close(): Promise<void> } {
  const places = placesOf(config);
  const opened = new Map(places.map((place) => [place.name, openEngine(place, config)]));
  const [first] = opened.keys();
  function isHere(name: string) {
    return places.some((place) => place.name === name && place.host.kind === 'socket');
  }
  for (const { engine } of opened.values()) engine.start();
  return {
    engines: {
      default: first ?? null,
      names: () => [...opened.keys()],
      get: (name) => {
        const wanted = name ?? first;
        if (wanted === undefined) throw noEngine();
        const found = opened.get(wanted);
        if (found) return found;
        const known = [...opened.keys()].join(', ');
        const why =
          known === ''
            ? say('engineUnknown', { name: wanted })
            : say('engineUnknownOf', { name: wanted, names: known });
        throw new DomainError('not_found', why);
      },
      policy: {
        refuseRegistry: (image) => refuseRegistry(image, config.containerImages),
        allowedRoots: config.containerRoots.map(realPath),
        engineSockets: places.flatMap(({ host }) => (host.kind === 'socket' ? [host.path, realPath(host.path)] : [])),
        realPath: (name, given) => (isHere(name) ? realPath(given) : given),
      },
    },
    close: async () => {
      await Promise.all([...opened.values()].map(({ engine }) => engine.close()));
    },
  };
}
