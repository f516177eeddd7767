import type { Handle, Launch } from '../../lib/calls/launch.ts';
import { nextRun, startRun, type Run, type RunRequest } from '../../lib/calls/run-state.ts';

const keptRuns = 30;

/** The calls made in this tab. They go on while another page is shown. */
export function createRunStore() {
  let runs: readonly Run[] = [];
  const handles = new Map<string, Handle>();
  const listeners = new Set<() => void>();
  let counter = 0;

  function publish(next: readonly Run[]) {
    runs = next;
    for (const listener of listeners) listener();
  }
  function update(key: string, event: Parameters<typeof nextRun>[1]) {
    publish(runs.map((run) => (run.key === key ? nextRun(run, event) : run)));
    if (event.type === 'result' || event.type === 'error' || event.type === 'cancelled') {
      handles.get(key)?.unsubscribe();
      handles.delete(key);
    }
  }

  return {
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    runs: () => runs,
    start(launch: Launch, request: RunRequest, lostMessage: string): string {
      counter += 1;
      const key = String(counter);
      const startedAt = Date.now();
      publish([startRun(key, request, startedAt), ...runs].slice(0, keptRuns));
      function fail(message: string) {
        update(key, { type: 'error', code: -32000, message, durationMs: Date.now() - startedAt });
      }
      const handle = launch(request, {
        event: (event) => update(key, event),
        failed: fail,
        lost: () => fail(lostMessage),
      });
      handles.set(key, handle);
      return key;
    },
    cancel: (key: string) => update(key, { type: 'cancelled', at: Date.now() }),
    answered: (key: string, askId: string) => update(key, { type: 'answered', askId }),
    clear: () => publish(runs.filter((run) => run.outcome.kind === 'running')),
  };
}

export const runStore = createRunStore();
