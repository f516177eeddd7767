import type { Readable, Writable } from 'node:stream';
import type { ContainerLaunch } from '../../types.ts';

/** A container to start for one link. */
export interface ContainerRequest {
  launch: ContainerLaunch;
  serverId: string;
  instance: string;
  /** Aborted where the start is cancelled. */
  signal: AbortSignal;
  /** Told in words what a start that takes long is at. */
  progress(text: string): void;
}

/** How a container came to its end. */
export type ContainerExit =
  /** `code` is null where it is not known: the container is gone, or its engine. */
  | { how: 'exited'; code: number | null }
  | { how: 'out-of-memory'; megabytes: number }
  /** A replica that another link released, or that the swarm starts again. */
  | { how: 'let-go' | 'replaced'; slot: number };

/** A container that runs one server, as its link uses it. */
export interface RunningContainer {
  /** Null where its process is on another machine. */
  readonly pid: number | null;
  /** Its end is the first sign to the server that it is wanted no more. */
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** `host:port` where the port of an HTTP server answers this process; null for servers that talk over their pipes. */
  readonly address: string | null;
  /** Resolves once it has ended, however that came about; never rejects. */
  readonly exited: Promise<ContainerExit>;
  /** Resolves once the signal is sent, or where nothing is left that could get it. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /**
   * Removes what is left of it, and ends it where it still runs. `lost`: nobody asked it to end, so that another link to
   * the server is likely to follow soon.
   */
  remove(options: { lost: boolean }): Promise<void>;
}

/** Runs servers in containers; all that the runtime asks of Docker. */
export interface ContainerEngine {
  /** Rejects with an error that says why the container cannot run, and leaves nothing behind then. */
  open(request: ContainerRequest): Promise<RunningContainer>;
}
