import type { Ctx } from '@switchboard/core';
import type { Visible } from '../visible.ts';
import { channels } from './channels/index.ts';
import type { ClientFrame, FrameId, SocketChannel } from './frames.ts';
import type { Outbox } from './outbox.ts';
import { socketErrorOf, type SocketError } from './problems.ts';

/** What one connection follows. */
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
  /** Asks again whether the caller may follow it. */
  admit(): Promise<void>;
  stop(): void;
}

const mostSubscriptions = 50;
/** Changes of rights are in force everywhere a moment after they are told. */
const settleMs = 500;

function nameOf(channel: SocketChannel, id: FrameId | undefined): string {
  return `${channel} ${id === undefined ? '' : JSON.stringify(id)}`;
}

export function createSubscriptions(options: {
  core: Ctx;
  visible: Visible;
  outbox: Outbox;
  answer(frame: object): void;
}): Subscriptions {
  const { core, visible, outbox, answer } = options;
  const open = new Map<string, Subscription>();
  let looking: NodeJS.Timeout | undefined;

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
    await opened.admit();
    const name = nameOf(channel, id);
    close(name);
    answer({ type: 'subscribed', ...named(frame), ...asked });
    let live = true;
    const stop = await opened.follow((make) => {
      if (live) outbox.tell({ channel, more: named({ channel, id }), make: () => (live ? make() : null) });
    }, visible);
    const subscription: Subscription = {
      channel,
      id,
      // Nobody asked for anything then: what is refused is nobody's attempt.
      admit: () => channels[channel]({ ...core, way: null }, asked).admit(),
      stop() {
        live = false;
        stop();
      },
    };
    if (core.signal.aborted) subscription.stop();
    else open.set(name, subscription);
  }

  /** Ends what the caller may not follow any more, and tells why. */
  async function look(): Promise<void> {
    looking = undefined;
    for (const [name, subscription] of open) {
      try {
        await subscription.admit();
      } catch (thrown) {
        const error = socketErrorOf(thrown);
        if (!error || open.get(name) !== subscription) continue;
        close(name);
        refuse(subscription, error);
        answer({ type: 'unsubscribed', ...named(subscription) });
      }
    }
  }

  const unwatch = core.events.subscribe(() => {
    visible.changed(core);
    if (open.size > 0) looking ??= setTimeout(() => void look(), settleMs);
  });

  return {
    async start(frame) {
      const isNew = !open.has(nameOf(frame.channel, frame.id));
      if (isNew && open.size >= mostSubscriptions) {
        const message = `One connection follows at most ${mostSubscriptions} subscriptions.`;
        return refuse(frame, { code: 'RATE_LIMIT_EXCEEDED', message });
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
