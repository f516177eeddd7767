import { createCounters, createStateHolder, replyWithoutWire, type Scope } from '@switchboard/agents/simulator';
import type { AppSimulator as Simulator } from '@switchboard/core/apps';
import { LinkError, type OpenApp } from '@switchboard/mcp-runtime';
import { linkWithin } from '../process/within.ts';

/** Opens links to products for servers that show them: each has a state and counters of its own. */
export function openAppLink(simulator: () => Pick<Simulator, 'app' | 'answerIn'>): OpenApp {
  return ({ app: appId }, { serverId, instance }, events) => {
    const app = simulator().app(appId);
    if (!app)
      return Promise.reject(new LinkError('unreachable', 'The app that this server shows does not exist any more.'));
    if (!app.enabled)
      return Promise.reject(new LinkError('unreachable', 'The app that this server shows is switched off.'));
    const scope: Omit<Scope, 'signal'> = {
      key: `${serverId} ${instance}`,
      seed: null,
      faults: [],
      profile: null,
      state: createStateHolder(app.initialState),
      counters: createCounters(),
      version: null,
      callerInfo: { owner: app.createdBy },
    };
    const link = linkWithin(events, {
      failure: 'The app could not answer.',
      negotiated(protocolVersion) {
        scope.version = protocolVersion;
      },
      async answer({ signal, tell }, message) {
        const outcome = await simulator().answerIn(appId, message, { ...scope, signal });
        for (const notification of outcome.notifications) tell(notification);
        return replyWithoutWire(outcome);
      },
    });
    return Promise.resolve(link);
  };
}
