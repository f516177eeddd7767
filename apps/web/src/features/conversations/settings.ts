import { z } from 'zod';
import { mostPresets, Preset } from '@switchboard/core/conversations/schema';
import { recall, remember } from '../../lib/preferences.ts';
import type { Chosen, Model, Settings } from './types.ts';

export const noTools: Chosen = { servers: [], groups: [], tools: null };

const Remembered = z.object({
  model: z.string(),
  fallback: z.string().nullable(),
  chosen: z.object({
    servers: z.array(z.string()),
    groups: z.array(z.string()),
    tools: z.array(z.string()).nullable(),
  }),
});

const place = 'chat.settings';

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** What the next conversation begins with: the model and tools of the last one. */
export function rememberSettings({ model, fallback, chosen }: Settings): void {
  remember(place, JSON.stringify({ model, fallback, chosen }));
}

/** Settings of a new conversation: what was used last as far as it is there, else the first model that may be used. */
export function newSettings(models: readonly Model[], serverIds: readonly string[]): Settings {
  const last = Remembered.safeParse(parsed(recall(place))).data ?? null;
  const usable = models.filter(({ can }) => can.use);
  const known = usable.find(({ name }) => name === last?.model);
  const first = usable.find(({ builtIn }) => !builtIn) ?? usable[0];
  const chosen = last?.chosen ?? { ...noTools, servers: serverIds.filter((id) => id === 'demo') };
  return {
    model: (known ?? first)?.name ?? 'demo',
    fallback: usable.some(({ name }) => name === last?.fallback) ? (last?.fallback ?? null) : null,
    systemPrompt: '',
    chosen: { ...chosen, servers: chosen.servers.filter((id) => serverIds.includes(id)) },
    options: {},
  };
}

const presetPlace = 'chat.presets';

/** Presets that this browser kept, when the hub kept none. */
export function readKeptHere(): Preset[] {
  const kept = z.array(z.unknown()).safeParse(parsed(recall(presetPlace))).data ?? [];
  return kept.flatMap((each) => Preset.safeParse(each).data ?? []).slice(0, mostPresets);
}

export function forgetKeptHere(): void {
  remember(presetPlace, '[]');
}
