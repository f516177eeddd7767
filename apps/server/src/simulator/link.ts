import { createCounters, createStateHolder, replyWithoutWire, type Scope } from '@switchboard/agents/simulator';
import type { AppSimulator as Simulator } from '@switchboard/core/apps';
import { LinkError, type OpenApp } from '@switchboard/mcp-runtime';

/** Opens links to products for servers that show them: each has a state and counters of its own. */
export function openAppLink(simulator: () => Pick<Simulator, 'app' | 'answerIn'>): OpenApp {
  return ({ app: appId }, { serverId, instance }, events) => {
    const app = simulator().app(appId);
    if (!app)
      return Promise.reject(new LinkError('unreachable', 'The app that this server shows does not exist any more.'));
    if (!app.enabled)
      return Promise.reject(new LinkError('unreachable', 'The app that this server shows is switched off.'));
    const ended = new AbortController();
    const scope: Scope = {
      key: `${serverId} ${instance}`,
      seed: null,
      faults: [],
      profile: null,
      state: createStateHolder(app.initialState),
      counters: createCounters(),
      signal: ended.signal,
      version: null,
      callerInfo: { owner: app.createdBy },
    };
    const running = new Map<string | number, AbortController>();

    async function answer(message: object): Promise<void> {
      const id = 'id' in message ? (message.id as string | number) : null;
      const call = new AbortController();
      if (id !== null) running.set(id, call);
      try {
        const signal = AbortSignal.any([ended.signal, call.signal]);
        const outcome = await simulator().answerIn(appId, message, { ...scope, signal });
        for (const notification of outcome.notifications) events.message(notification, id);
        const reply = replyWithoutWire(outcome);
        if (reply && !signal.aborted) events.message(reply, id);
      } catch (error) {
        if (id !== null) events.lost(id, new LinkError('closed', 'The app could not answer.', { cause: error }));
      } finally {
        if (id !== null) running.delete(id);
      }
    }

    return Promise.resolve({
      pid: null,
      send(message) {
        if ('method' in message && message.method === 'notifications/cancelled') {
          const id = message.params?.['requestId'];
          if (typeof id === 'string' || typeof id === 'number') running.get(id)?.abort();
        } else if ('method' in message) void answer(message);
        return Promise.resolve();
      },
      negotiated({ protocolVersion }) {
        scope.version = protocolVersion;
      },
      close() {
        if (!ended.signal.aborted) {
          ended.abort();
          events.closed(null);
        }
        return Promise.resolve();
      },
    });
  };
}
