import { setTimeout as sleep } from 'node:timers/promises';
import { say, type Reason } from '../../reasons.ts';
import { LinkError } from '../link.ts';
import type { ContainerExit, RunningContainer } from './container-engine.ts';

/** Part of the grace in which a server only gets the end of its input. */
const stdinShare = 0.4;
/** How long a killed container may take to vanish. */
const killWaitMs = 10_000;
/** Characters of a complaint that are quoted. */
const quoted = 300;

/** The life of a container, as far as its link decides it. */
export interface ContainerEnding {
  running(): boolean;
  /** Whether its end was asked for. */
  begun(): boolean;
  /** Ends it within the grace; a later call may shorten that. */
  begin(graceMs: number): Promise<void>;
}

/** Ends a container step by step: end of input, SIGTERM, SIGKILL at the deadline. */
export function createEnding(container: RunningContainer, endInput: () => void): ContainerEnding {
  let deadline = Number.POSITIVE_INFINITY;
  let ending: Promise<void> | null = null;
  let sooner = Promise.withResolvers<void>();
  let running = true;
  const exited = container.exited.then(() => {
    running = false;
  });

  function isRunning() {
    return running;
  }
  async function waitUntil(at: () => number) {
    while (isRunning()) {
      const left = at() - performance.now();
      if (left <= 0) return;
      const { promise } = sooner;
      const timer = new AbortController();
      const nap = sleep(left, null, { signal: timer.signal }).catch(() => {});
      await Promise.race([exited, nap, promise]);
      timer.abort();
    }
  }
  async function end() {
    const begun = performance.now();
    endInput();
    await waitUntil(() => begun + (deadline - begun) * stdinShare);
    if (isRunning() && performance.now() < deadline) await container.kill('SIGTERM');
    await waitUntil(() => deadline);
    if (!isRunning()) return;
    await container.kill('SIGKILL');
    await waitUntil(() => deadline + killWaitMs);
    // The engine is away or cannot end it: what is left is found by its label.
    if (isRunning()) await container.remove({ lost: false });
  }
  return {
    running: isRunning,
    begun: () => ending !== null,
    begin: (graceMs) => {
      deadline = Math.min(deadline, performance.now() + graceMs);
      sooner.resolve();
      sooner = Promise.withResolvers<void>();
      ending ??= end();
      return ending;
    },
  };
}

function howOf(exit: ContainerExit): Reason {
  switch (exit.how) {
    case 'exited':
      return exit.code === null ? say('containerGone') : say('containerExited', { code: exit.code });
    case 'out-of-memory':
      return say('containerOutOfMemory', { megabytes: exit.megabytes });
    case 'let-go':
      return say('replicaLetGo', { slot: exit.slot });
    case 'replaced':
      return say('replicaReplaced', { slot: exit.slot });
  }
}

/** Says how a container ended, with the last thing that it complained about. */
export function endedError(exit: ContainerExit, complaint: Reason | string): LinkError {
  const how = howOf(exit);
  if (complaint === '') return new LinkError('closed', say('containerEnded', { how }));
  const reason = typeof complaint === 'string' ? complaint.slice(0, quoted) : complaint;
  return new LinkError('closed', say('containerEndedSaying', { how, reason }));
}
