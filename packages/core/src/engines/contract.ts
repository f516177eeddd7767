import type { Compose, Engine, Stacks } from '@switchboard/docker';
import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';

/** One Docker Engine and what works on it; it may be away. */
export interface ManagedEngine {
  readonly name: string;
  readonly engine: Engine;
  readonly compose: Compose;
  /** Stacks of this engine, as plain files in a folder of its own. */
  readonly stacks: Stacks;
}

/**
 * The settings of the hub and its machine that extend the policy of containers and stacks
 * (`@switchboard/docker/rules`).
 */
export interface ContainerPolicy {
  /**
   * The reason why the registry of an image may not be used by a caller without the right to private addresses; null
   * where it may. Rejects with `invalid` where the name is no image name.
   */
  refuseRegistry(image: string): Promise<string | null>;
  /** Folders of the engines' machines whose content may be mounted. */
  allowedRoots: readonly string[];
  /** Sockets that give power over an engine. */
  engineSockets: readonly string[];
  /** Resolves symbolic links of a path on this engine's machine, as far as that can be seen from here. */
  realPath(engine: string, path: string): string;
}

/** The Docker Engines of a hub. */
export interface Engines {
  /** Name of the one that is meant where none is named; null where there is none at all. */
  readonly default: string | null;
  names(): string[];
  /** Throws where there is none of this name, or none at all. */
  get(name?: string | null): ManagedEngine;
  readonly policy: ContainerPolicy;
}

export function noEngine(): DomainError {
  return new DomainError('unavailable', say('noEngine'));
}

function refuse(): never {
  throw noEngine();
}

/** A hub without an engine: there is nothing to decide about, so nothing is allowed. */
export const noEngines: Engines = {
  default: null,
  names: () => [],
  get: refuse,
  get policy() {
    return refuse();
  },
};
