import type { JsonObject } from '../../types.ts';
import { objectsIn, textIn } from '../json.ts';

const joined = ['text', 'summary', 'data'];

/**
 * OpenRouter gives thoughts as details in pieces, and wants them back whole while tools are used: pieces of one detail
 * follow each other, and what only one of them has, such as a signature, is the detail's.
 */
export function joinDetails(details: JsonObject[], pieces: unknown): void {
  for (const piece of objectsIn(pieces)) {
    const last = details.at(-1);
    if (last === undefined || last['type'] !== piece['type'] || last['index'] !== piece['index']) {
      details.push({ ...piece });
      continue;
    }
    for (const [name, value] of Object.entries(piece)) {
      if (joined.includes(name) && typeof value === 'string') last[name] = textIn(last[name]) + value;
      else if (value !== null) last[name] = value;
    }
  }
}
