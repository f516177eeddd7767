import type { Api } from '../trpc.ts';
import { connectStream } from './connect.ts';
import { createLiveHub, type Interest, type LiveMessage } from './hub.ts';

export type TabMessage = { kind: 'want'; interest: Interest } | { kind: 'leave' } | { kind: 'restart' };

export interface LiveTab {
  want(interest: Interest): void;
  restart(): void;
  close(): void;
}

const repeatMs = 40_000;

/** Connects this tab to the browser's event stream, or opens its own where tabs cannot share one. */
export function openLive(api: Api, listener: (message: LiveMessage) => void): LiveTab {
  return typeof SharedWorker === 'undefined' ? ownStream(api, listener) : sharedStream(listener);
}

function sharedStream(listener: (message: LiveMessage) => void): LiveTab {
  const worker = new SharedWorker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: 'switchboard-live',
  });
  function send(message: TabMessage) {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port has no origin
    worker.port.postMessage(message);
  }
  let interest: Interest = { logs: [], calls: false };
  worker.port.onmessage = ({ data }: MessageEvent<LiveMessage>) => listener(data);
  const repeat = setInterval(() => send({ kind: 'want', interest }), repeatMs);
  function leave() {
    send({ kind: 'leave' });
  }
  function back(event: PageTransitionEvent) {
    return event.persisted && send({ kind: 'want', interest });
  }
  addEventListener('pagehide', leave);
  addEventListener('pageshow', back);
  return {
    want(next) {
      interest = next;
      send({ kind: 'want', interest });
    },
    restart: () => send({ kind: 'restart' }),
    close() {
      clearInterval(repeat);
      removeEventListener('pagehide', leave);
      removeEventListener('pageshow', back);
      leave();
      worker.port.close();
    },
  };
}

/** Without shared workers a tab listens only while it is looked at, so that tabs do not use up the connections. */
function ownStream(api: Api, listener: (message: LiveMessage) => void): LiveTab {
  const hub = createLiveHub(connectStream(api));
  const member = hub.join(listener);
  let interest: Interest = { logs: [], calls: false };
  function follow() {
    if (document.hidden) member.leave();
    else member.want(interest);
  }
  document.addEventListener('visibilitychange', follow);
  return {
    want(next) {
      interest = next;
      follow();
    },
    restart: () => hub.restart(),
    close() {
      document.removeEventListener('visibilitychange', follow);
      member.leave();
    },
  };
}
