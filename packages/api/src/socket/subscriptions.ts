import type { Ctx } from '@switchboard/core';
import type { Visible } from '../visible.ts';
import type { ChannelSubscription } from './channel.ts';
import { channels } from './channels/index.ts';
import type { ClientFrame, FrameId, SocketChannel } from './frames.ts';
import { frameHead, type Outbox } from './outbox.ts';
import { socketErrorOf, toSocketError, type SocketError } from './problems.ts';

/** The subscriptions of one connection. */
export interface Subscriptions {
  start(frame: ClientFrame & { type: 'subscribe' }): Promise<void>;
  stop(channel: SocketChannel, id: FrameId | undefined): void;
  end(): void;
}

interface Named {
  channel: SocketChannel;
  id?: FrameId | undefined;
}

interface Subscription extends Named {
  opened: ChannelSubscription;
  stop(): void;
}

const mostSubscriptions = 50;
/** Changes come in bursts: rights are checked once for each burst. */
const settleMs = 500;
/** The number of refused subscriptions after which a client counts as one that ignores answers. */
const mostRefused = 100;

function nameOf(channel: SocketChannel, id: FrameId | undefined): string {
  return `${channel} ${id === undefined ? '' : JSON.stringify(id)}`;
}

export function createSubscriptions(options: {
  core: Ctx;
  visible: Visible;
  outbox: Outbox;
  answer(frame: object): void;
  /** The client does not stop. */
  flooded(): void;
}): Subscriptions {
  const { core, visible, outbox, answer, flooded } = options;
  const open = new Map<string, Subscription>();
  let looking: NodeJS.Timeout | undefined;
  let changed = false;
  let refused = 0;

  function named({ channel, id }: Named) {
    return { channel, ...(id !== undefined && { id }) };
  }
  function refuse(frame: Named, error: SocketError): void {
    answer({ type: 'error', ...named(frame), error });
  }
  function close(name: string): void {
    open.get(name)?.stop();
    open.delete(name);
  }

  async function follow(frame: ClientFrame & { type: 'subscribe' }): Promise<void> {
    const { channel, id, filters, metrics } = frame;
    const asked = { ...(filters !== undefined && { filters }), ...(metrics !== undefined && { metrics }) };
    const opened = channels[channel](core, asked);
    await opened.admit(visible);
    const name = nameOf(channel, id);
    close(name);
    answer({ type: 'subscribed', ...named(frame), ...asked });
    let live = true;
    const head = frameHead(channel, id === undefined ? {} : { id });
    const stop = await opened.follow((make) => {
      if (live) outbox.tell({ head, make: () => (live ? make() : null) });
    }, visible);
    const subscription: Subscription = {
      channel,
      id,
      opened,
      stop() {
        live = false;
        stop();
      },
    };
    if (core.signal.aborted) subscription.stop();
    else open.set(name, subscription);
  }

  /** Ends subscriptions that the caller may no longer follow, with an error frame. */
  function endForbidden(): void {
    for (const [name, subscription] of open) {
      if (subscription.opened.mayStill()) continue;
      close(name);
      refuse(subscription, toSocketError({ code: 'forbidden', message: 'You may not follow this any more.' }));
      answer({ type: 'unsubscribed', ...named(subscription) });
    }
  }

  /** One check at a time: changes meanwhile are checked afterwards. */
  async function look(): Promise<void> {
    changed = false;
    // An event is published before its change is in effect.
    await core.hub.reconcile([]);
    endForbidden();
    looking = undefined;
    if (changed) lookSoon();
  }
  function lookSoon(): void {
    changed = true;
    if (!core.signal.aborted && open.size > 0) looking ??= setTimeout(() => void look(), settleMs);
  }

  const unwatch = core.events.subscribe(() => {
    visible.changed(core);
    lookSoon();
  });

  /** Why no more is subscribed to at the moment; null where there is room. */
  function whyFull(frame: Named): string | null {
    const state = core.access.limits.request(core.actor, core.address);
    if (!state.allowed) {
      return `You may send ${state.limit} requests a minute. Try again in ${state.retryAfterSeconds} s.`;
    }
    const isNew = !open.has(nameOf(frame.channel, frame.id));
    if (!isNew || open.size < mostSubscriptions) return null;
    return `One connection follows at most ${mostSubscriptions} subscriptions.`;
  }

  return {
    async start(frame) {
      const message = whyFull(frame);
      if (message !== null) {
        refused += 1;
        refuse(frame, { code: 'RATE_LIMIT_EXCEEDED', message });
        return refused > mostRefused ? flooded() : undefined;
      }
      try {
        await follow(frame);
      } catch (thrown) {
        const error = socketErrorOf(thrown);
        if (!error) throw thrown;
        refuse(frame, error);
      }
    },
    stop: (channel, id) => close(nameOf(channel, id)),
    end() {
      unwatch();
      clearTimeout(looking);
      for (const name of open.keys()) close(name);
    },
  };
}
