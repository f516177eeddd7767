/**
 * One timer for many that come and go: a timer of its own for every call would be made and cleared for nothing nearly
 * every time. It does not keep the process alive.
 */
export class Alarm {
  private at = Number.POSITIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;
  private readonly now: () => number;
  private readonly ring: (now: number) => number;

  /** `ring` does what is due and tells when the next is (epoch ms, like `now`); Infinity: nothing waits. */
  constructor(now: () => number, ring: (now: number) => number) {
    this.now = now;
    this.ring = ring;
  }

  /** Rings at this time at the latest. */
  by(at: number): void {
    if (at >= this.at) return;
    clearTimeout(this.timer);
    this.at = at;
    this.timer = setTimeout(() => this.look(), Math.max(0, at - this.now()));
    this.timer.unref();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.at = Number.POSITIVE_INFINITY;
  }

  private look(): void {
    this.at = Number.POSITIVE_INFINITY;
    this.by(this.ring(this.now()));
  }
}
