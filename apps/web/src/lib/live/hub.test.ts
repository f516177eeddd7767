import { beforeEach, afterEach, describe, expect, it, vi } from 'vitest';
import { createLiveHub, type Connect, type Interest, type LiveMessage } from './hub.ts';

type Handlers = Parameters<Connect>[1];

function fakeConnect() {
  const opened: { interest: Interest; on: Handlers; closed: boolean }[] = [];
  const connect: Connect = (interest, on) => {
    const entry = { interest, on, closed: false };
    opened.push(entry);
    // As tRPC does: the first state comes before the connection is handed over.
    on.state('connecting');
    return { close: () => void (entry.closed = true) };
  };
  return { opened, connect };
}

const none: Interest = { logs: [], calls: false };
const removed = { kind: 'event', event: { type: 'changed', paths: ['servers.list'] } } as const;

describe('createLiveHub', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('opens one stream for all members and tells each', () => {
    const { opened, connect } = fakeConnect();
    const hub = createLiveHub(connect);
    const heard: LiveMessage[][] = [[], []];
    hub.join((message) => heard[0]?.push(message)).want({ logs: ['b', 'a'], calls: false });
    hub.join((message) => heard[1]?.push(message)).want({ logs: ['a'], calls: true });
    vi.advanceTimersByTime(50);
    expect(opened.map((each) => each.interest)).toEqual([{ logs: ['a', 'b'], calls: true }]);
    opened[0]?.on.event(removed.event);
    expect(heard.map((messages) => messages.filter((message) => message.kind === 'event'))).toEqual([
      [removed],
      [removed],
    ]);
  });

  it('opens the new stream before it closes the old one', () => {
    const { opened, connect } = fakeConnect();
    const hub = createLiveHub(connect);
    const member = hub.join(() => {});
    member.want(none);
    vi.advanceTimersByTime(50);
    opened[0]?.on.state('open');
    member.want({ logs: ['a'], calls: false });
    vi.advanceTimersByTime(50);
    expect(opened.map((each) => each.closed)).toEqual([false, false]);
    opened[1]?.on.state('open');
    expect(opened.map((each) => each.closed)).toEqual([true, false]);
  });

  it('keeps the stream while the wishes stay the same', () => {
    const { opened, connect } = fakeConnect();
    const hub = createLiveHub(connect);
    const member = hub.join(() => {});
    member.want(none);
    vi.advanceTimersByTime(50);
    member.want({ logs: [], calls: false });
    vi.advanceTimersByTime(50);
    expect(opened).toHaveLength(1);
  });

  it('closes the stream when the last member leaves', () => {
    const { opened, connect } = fakeConnect();
    const hub = createLiveHub(connect);
    const member = hub.join(() => {});
    member.want(none);
    vi.advanceTimersByTime(50);
    member.leave();
    vi.advanceTimersByTime(50);
    expect(opened[0]?.closed).toBe(true);
  });

  it('tries again, less and less often, after the stream was refused', () => {
    const { opened, connect } = fakeConnect();
    const hub = createLiveHub(connect);
    hub.join(() => {}).want(none);
    vi.advanceTimersByTime(50);
    opened[0]?.on.state('lost');
    vi.advanceTimersByTime(1000);
    opened[1]?.on.state('lost');
    vi.advanceTimersByTime(1000);
    expect(opened).toHaveLength(2);
    vi.advanceTimersByTime(1000);
    expect(opened).toHaveLength(3);
    opened[2]?.on.state('open');
    vi.advanceTimersByTime(60_000);
    expect(opened).toHaveLength(3);
  });

  it('opens again after a restart', () => {
    const { opened, connect } = fakeConnect();
    const hub = createLiveHub(connect);
    hub.join(() => {}).want(none);
    vi.advanceTimersByTime(50);
    hub.restart();
    vi.advanceTimersByTime(50);
    expect(opened.map((each) => each.closed)).toEqual([true, false]);
  });
});
