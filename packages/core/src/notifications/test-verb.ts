import { readPatch } from '../configuration/change.ts';
import { merged, type Tree } from '../configuration/paths.ts';
import type { Settings } from '../configuration/schema.ts';
import { openSection } from '../configuration/sections.ts';
import { newId } from '../secrets.ts';
import { verb, type VerbCtx } from '../verb.ts';
import { toNotification } from './message.ts';
import { TestNotifications, type NotificationTest } from './schema.ts';
import { sendNotification } from './send.ts';

function tried<Name extends 'smtp' | 'notifications'>(
  ctx: VerbCtx,
  section: Name,
  given: Tree | undefined,
): Settings[Name] {
  const settings = ctx.settings.now();
  const opened = openSection(ctx.secrets, section, settings[section]);
  if (given === undefined) return opened;
  return merged(opened, readPatch(ctx, section, given, settings)) as Settings[Name];
}

/** Sends one message with settings that need not be stored yet, and returns the result. */
export const testNotifications = verb(
  { name: 'config.change', access: 'write', input: TestNotifications, tx: false },
  async (ctx, { destination, smtp, notifications, to }): Promise<NotificationTest> => {
    const settings = {
      smtp: tried(ctx, 'smtp', smtp),
      notifications: tried(ctx, 'notifications', notifications),
      appearance: ctx.settings.now().appearance,
    };
    const told = {
      severity: 'info',
      title: 'A test of the notifications',
      text: 'Somebody tried the settings of this hub. There is nothing to do.',
    } as const;
    const notification = toNotification(told, { id: newId(), at: new Date(ctx.clock.now()), publicUrl: null });
    const why = await sendNotification(ctx, destination, notification, { settings, to });
    ctx.audit({ id: 'notifications', details: { test: destination, ok: why === null } });
    return { destination, ok: why === null, why };
  },
);
