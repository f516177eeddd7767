import type { Db } from '@switchboard/db';
import { messageOf } from '../errors.ts';
import type { Log, Policy } from '../ports.ts';
import type { Settings } from './schema.ts';
import { defaultsOf, settingsFrom } from './sections.ts';
import { readStored } from './stored.ts';

/** The present settings, from memory. Secrets in them are sealed. */
export interface LiveSettings {
  now(): Settings;
  /** Reads the stored settings, and informs the followers. */
  load(): Promise<void>;
  /** Calls the listener at once, and after each change. Returns the function that ends it. */
  follow(listener: (settings: Settings) => void): () => void;
}

/** Keeps the settings in memory; they hold from the first `load` on, defaults before. */
export function createLiveSettings({ db, policy, log }: { db: Db; policy: Policy; log: Log }): LiveSettings {
  let settings = defaultsOf(policy);
  let known = JSON.stringify(settings);
  const listeners = new Set<(settings: Settings) => void>();

  function tell(listener: (settings: Settings) => void): void {
    try {
      listener(settings);
    } catch (error) {
      log.error({ error: messageOf(error) }, 'A changed setting could not be applied');
    }
  }

  return {
    now: () => settings,
    async load() {
      const next = settingsFrom(policy, (await readStored(db)).stored);
      const text = JSON.stringify(next);
      if (text === known) return;
      settings = next;
      known = text;
      for (const listener of listeners) tell(listener);
    },
    follow(listener) {
      listeners.add(listener);
      tell(listener);
      return () => void listeners.delete(listener);
    },
  };
}
