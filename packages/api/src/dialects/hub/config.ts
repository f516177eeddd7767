import { z } from 'zod';
import { changeConfiguration, getConfiguration, resetConfiguration } from '@switchboard/core/configuration';
import { ChangeConfiguration, Section, Settings, type Configuration } from '@switchboard/core/configuration/schema';
import { testNotifications } from '@switchboard/core/notifications';
import { Destination, TestNotifications } from '@switchboard/core/notifications/schema';
import { route } from './dialect.ts';
import { config } from './examples-config.ts';
import { ok } from './map.ts';
import { envelope } from './wire.ts';

const HubConfig = Settings.meta({ id: 'HubConfig' });

/** Beside `data`, so that a program can give back what it got. */
const Answer = envelope(HubConfig).extend({
  locked: z.record(z.string(), z.string()).meta({
    description: 'Settings that an environment variable of the hub holds, with its name: they cannot be changed here',
  }),
});

function toAnswer({ settings, locked }: Configuration) {
  return { ...ok(settings), locked };
}

export const get = route({
  method: 'GET',
  path: '/api/config',
  summary: 'Show the configuration',
  description: 'Everything that can change while the hub runs. Secrets are masked as `***`.',
  verbs: [getConfiguration],
  errors: [401, 403, 429],
  example: { response: config.shown },
})
  .input(z.object({}))
  .output(Answer)
  .query(async ({ ctx }) => toAnswer(await getConfiguration(ctx.core, {})));

export const change = route({
  method: 'PUT',
  path: '/api/config',
  summary: 'Change the configuration',
  description:
    'What is given is changed, the rest keeps its value; `***` keeps a secret, and null removes it. It holds at once, on ' +
    'every hub of the database. What an environment variable holds is refused where another value is given.',
  verbs: [changeConfiguration],
  errors: [401, 403, 422, 429],
  example: { body: config.given, response: config.shown },
})
  .input(ChangeConfiguration)
  .output(Answer)
  .mutation(async ({ ctx, input }) => toAnswer(await changeConfiguration(ctx.core, input)));

const BySectionName = z.object({ key: Section.meta({ description: 'Name of a section' }) });

export const reset = route({
  method: 'DELETE',
  path: '/api/config/{key}',
  summary: 'Reset a section of the configuration',
  description: 'It is again what it was before anybody set anything.',
  beyond: true,
  verbs: [resetConfiguration],
  errors: [401, 403, 422, 429],
  example: { response: config.shown },
})
  .input(BySectionName)
  .output(Answer)
  .mutation(async ({ ctx, input }) => toAnswer(await resetConfiguration(ctx.core, { section: input.key })));

const HubConfigTest = z
  .object({
    destination: Destination,
    ok: z.boolean().meta({ description: 'Whether the message was taken' }),
    reason: z.string().nullable().meta({ description: 'What failed; null: nothing' }),
  })
  .meta({ id: 'HubConfigTest' });

export const test = route({
  method: 'POST',
  path: '/api/config/test',
  summary: 'Try the settings for notifications',
  description:
    'Sends one message. Settings that are given are laid upon those that are stored, and are not stored by this. What ' +
    'fails is told in `reason`, with status 200.',
  beyond: true,
  verbs: [testNotifications],
  errors: [401, 403, 422, 429],
  example: { body: config.tried, response: config.failed },
})
  .input(TestNotifications)
  .output(envelope(HubConfigTest))
  .mutation(async ({ ctx, input }) => {
    const { destination, ok: isTaken, why } = await testNotifications(ctx.core, input);
    return ok({ destination, ok: isTaken, reason: why?.text ?? null });
  });
