import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { inputRequired, inputResponse, type McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { encodePng } from './png.ts';

function text(value: string) {
  return { type: 'text' as const, text: value };
}

/** A number that is always the same for the same words. */
function seeded(words: string, max: number): number {
  return createHash('sha256').update(words).digest().readUInt32BE(0) % max;
}

function addPlainTools(server: McpServer): void {
  server.registerTool(
    'echo',
    {
      title: 'Echo',
      description: 'Says back what it is told.',
      inputSchema: z.object({ message: z.string().describe('What to say back') }),
      annotations: { readOnlyHint: true, idempotentHint: true },
    },
    ({ message }) => ({ content: [text(message)] }),
  );
  server.registerTool(
    'weather_report',
    {
      title: 'Weather report',
      description: 'Invents the weather of a city: always the same for the same city and day.',
      inputSchema: z.object({
        city: z.string().min(1).describe('Name of a city, for example Lisbon'),
        days: z.int().min(1).max(7).default(3).describe('How many days ahead'),
        unit: z.enum(['celsius', 'fahrenheit']).default('celsius'),
      }),
      outputSchema: z.object({
        city: z.string(),
        unit: z.string(),
        forecast: z.array(z.object({ day: z.int(), sky: z.string(), temperature: z.number() })),
      }),
      annotations: { readOnlyHint: true },
    },
    ({ city, days, unit }) => {
      const skies = ['sunny', 'cloudy', 'light rain', 'windy', 'foggy'];
      const forecast = Array.from({ length: days }, (_, index) => {
        const celsius = 8 + seeded(`${city} ${index}`, 20);
        const temperature = unit === 'celsius' ? celsius : Math.round(celsius * 1.8 + 32);
        return { day: index + 1, sky: skies[seeded(`${city} sky ${index}`, skies.length)] ?? 'sunny', temperature };
      });
      const structuredContent = { city, unit, forecast };
      return { content: [text(JSON.stringify(structuredContent))], structuredContent };
    },
  );
  server.registerTool(
    'draw_pattern',
    {
      title: 'Draw a pattern',
      description: 'Draws a small picture from a word.',
      inputSchema: z.object({ word: z.string().min(1).describe('Decides shape and colours') }),
      annotations: { readOnlyHint: true, idempotentHint: true },
    },
    ({ word }) => {
      const waves = 2 + seeded(word, 7);
      const hue = seeded(`${word} hue`, 200);
      const data = encodePng(128, (x, y) => {
        const wave = Math.sin((x * waves) / 20) + Math.cos((y * waves) / 20);
        return [Math.floor(55 + hue * Math.abs(wave / 2)), Math.floor(90 + 60 * wave), 255 - hue];
      });
      return { content: [{ type: 'image', data, mimeType: 'image/png' }, text(`A pattern for "${word}".`)] };
    },
  );
}

function addSlowTool(server: McpServer): void {
  server.registerTool(
    'count_down',
    {
      title: 'Count down',
      description: 'Takes its time and reports progress; can be cancelled.',
      inputSchema: z.object({
        steps: z.int().min(1).max(60).default(5),
        pauseMs: z.int().min(10).max(5000).default(500).describe('Milliseconds between two steps'),
      }),
    },
    async ({ steps, pauseMs }, ctx) => {
      const progressToken = ctx.mcpReq._meta?.progressToken;
      for (let step = 1; step <= steps; step += 1) {
        await sleep(pauseMs, undefined, { signal: ctx.mcpReq.signal });
        if (progressToken === undefined) continue;
        const params = { progressToken, progress: step, total: steps, message: `${steps - step} to go` };
        await ctx.mcpReq.notify({ method: 'notifications/progress', params });
      }
      return { content: [text('Lift-off!')] };
    },
  );
}

function addAskingTool(server: McpServer): void {
  server.registerTool(
    'book_table',
    {
      title: 'Book a table',
      description: 'Books a table that does not exist; asks for what it needs to know.',
      inputSchema: z.object({ restaurant: z.string().default('Chez Switchboard') }),
    },
    ({ restaurant }, ctx) => {
      const answer = inputResponse(ctx.mcpReq.inputResponses, 'details');
      if (answer.kind === 'missing') {
        const details = inputRequired.elicit({
          message: `A table at ${restaurant}: for how many, and when?`,
          requestedSchema: {
            type: 'object',
            properties: {
              guests: { type: 'integer', title: 'Guests', minimum: 1, maximum: 12, default: 2 },
              day: { type: 'string', title: 'Day', format: 'date' },
              window: { type: 'boolean', title: 'At the window', default: true },
            },
            required: ['guests', 'day'],
          },
        });
        return inputRequired({ inputRequests: { details } });
      }
      if (answer.kind !== 'elicit' || answer.action !== 'accept') return { content: [text('Nothing was booked.')] };
      const { guests, day, window } = answer.content ?? {};
      const where = window === true ? ' at the window' : '';
      return { content: [text(`A table for ${String(guests)}${where} at ${restaurant} on ${String(day)}.`)] };
    },
  );
}

export function addTools(server: McpServer): void {
  addPlainTools(server);
  addSlowTool(server);
  addAskingTool(server);
}
