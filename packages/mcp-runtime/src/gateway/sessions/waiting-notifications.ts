import type { JsonObject } from '../../types.ts';

export type NotificationSink = (method: string, params: JsonObject) => void;

/** Notifications of a call that nobody listens to now. */
export interface WaitingNotifications {
  keep: NotificationSink;
  /** Gives what was kept, in order, and forgets it. */
  tell(hear: NotificationSink): void;
}

/** Notifications that are kept, and characters of all of them: the oldest go first. */
const most = 200;
const mostChars = 256 * 1024;

/** Keeps the notifications of a call while its client answers a question: no response is open that could carry them. */
export function createUnheard(): WaitingNotifications {
  let kept: { method: string; params: JsonObject; chars: number }[] = [];
  let chars = 0;
  return {
    keep(method, params) {
      const one = { method, params, chars: JSON.stringify(params).length };
      kept.push(one);
      chars += one.chars;
      while (kept.length > most || chars > mostChars) chars -= kept.shift()?.chars ?? 0;
    },
    tell(hear) {
      const all = kept;
      kept = [];
      chars = 0;
      for (const { method, params } of all) hear(method, params);
    },
  };
}
