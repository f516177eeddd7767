/** The longest a timer of Node.js can wait. */
const longestMs = 2 ** 31 - 1;

/**
 * One timer for many that come and go: a timer of its own for every call would be made and cleared for nothing nearly
 * every time. It does not keep the process alive.
 */
export class Alarm {
  private at = Number.POSITIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;
  private readonly ring: (now: number) => number;

  /**
   * `ring` handles what is due and returns the next time; Infinity for none. Times are those of `performance.now()`, so
   * that a changed system clock cannot make calls wait or fail.
   */
  constructor(ring: (now: number) => number) {
    this.ring = ring;
  }

  /** Rings at this time at the latest. */
  by(at: number): void {
    if (at >= this.at) return;
    clearTimeout(this.timer);
    this.at = at;
    const wait = Math.min(Math.ceil(at - performance.now()), longestMs);
    this.timer = setTimeout(() => this.look(), Math.max(0, wait));
    this.timer.unref();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.at = Number.POSITIVE_INFINITY;
  }

  private look(): void {
    this.at = Number.POSITIVE_INFINITY;
    this.by(this.ring(performance.now()));
  }
}
