/** Of one message. */
const mostChars = 1_000_000;
const mostValues = 50_000;
const deepest = 64;

/** Whether a message is plain JSON and of a size that is read; looks at no more of it than that. */
export function isReadable(message: unknown): boolean {
  let chars = 0;
  let values = 0;
  function fits(value: unknown, depth: number): boolean {
    values += 1;
    if (values > mostValues || depth > deepest) return false;
    if (typeof value === 'string') {
      chars += value.length;
      return chars <= mostChars;
    }
    if (value === undefined || value === null || typeof value === 'boolean' || typeof value === 'number') return true;
    if (typeof value !== 'object') return false;
    if (Array.isArray(value)) return value.every((each) => fits(each, depth + 1));
    if (Object.getPrototypeOf(value) !== Object.prototype) return false;
    for (const key in value) {
      chars += key.length;
      if (chars > mostChars || !fits(Reflect.get(value, key), depth + 1)) return false;
    }
    return true;
  }
  return fits(message, 0);
}

/** At once, and a second after. An app that follows a pointer sends 60 a second. */
const burst = 200;
const perSecond = 80;
/** So many beyond that, and it is no app any more that one could wait for. */
const mostDropped = 2_000;

/** How messages are counted: `taken`, `dropped`, or `flood` where so many came that the frame has to go. */
export function createMeter(now: () => number): () => 'taken' | 'dropped' | 'flood' {
  let left = burst;
  let at = now();
  let dropped = 0;
  return () => {
    const moment = now();
    left = Math.min(burst, left + ((moment - at) * perSecond) / 1000);
    at = moment;
    if (left >= 1) {
      left -= 1;
      return 'taken';
    }
    dropped += 1;
    return dropped > mostDropped ? 'flood' : 'dropped';
  };
}
