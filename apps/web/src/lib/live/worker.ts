/** The one event stream of a browser, shared by all its tabs. */
import { createApi } from '../trpc.ts';
import { connectStream } from './connect.ts';
import { createLiveHub } from './hub.ts';
import type { TabMessage } from './tab.ts';

const deafAfterMs = 150_000;
const hub = createLiveHub(connectStream(createApi()));
const scope = self as unknown as { onconnect: ((event: MessageEvent) => void) | null };

scope.onconnect = ({ ports: [port] }) => {
  if (!port) return;
  const member = hub.join((message) => port.postMessage(message));
  let timer: ReturnType<typeof setTimeout> | undefined;
  port.onmessage = ({ data }: MessageEvent<TabMessage>) => {
    clearTimeout(timer);
    if (data.kind === 'restart') hub.restart();
    if (data.kind === 'leave') return member.leave();
    if (data.kind === 'want') member.want(data.interest);
    // A tab that crashed cannot say goodbye; one that lives repeats what it wants.
    timer = setTimeout(() => member.leave(), deafAfterMs);
  };
};
