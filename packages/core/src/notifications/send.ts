import { and, eq, isNotNull } from 'drizzle-orm';
import { tables } from '@switchboard/db';
import type { Reason } from '@switchboard/mcp-runtime/reasons';
import type { Settings } from '../configuration/schema.ts';
import { openSection } from '../configuration/sections.ts';
import type { Ctx } from '../context.ts';
import { messageOf } from '../errors.ts';
import { say } from '../reasons.ts';
import type { Mail, MailOutcome, MailServer } from './contract.ts';
import { plainLine, toMailText, toSlackBody, toWebhookBody, webhookHeaders } from './message.ts';
import type { Destination, Notification } from './schema.ts';

/** One try, however the other side behaves. */
const sendMs = 20_000;
const mostRecipients = 50;
const longestSaid = 300;
const ownName = 'Switchboard';

/** Settings with their secrets, as far as sending needs them. */
export type SendSettings = Pick<Settings, 'smtp' | 'notifications' | 'appearance'>;

/** The present settings, with the secrets that sending needs. */
export function sendSettings({ settings, secrets }: Pick<Ctx, 'settings' | 'secrets'>): SendSettings {
  const { smtp, notifications, appearance } = settings.now();
  return {
    smtp: openSection(secrets, 'smtp', smtp),
    notifications: openSection(secrets, 'notifications', notifications),
    appearance,
  };
}

/** Whether this way is enabled. */
export function isOn(destination: Destination, { email, slack, webhook }: Settings['notifications']): boolean {
  return { email, slack, webhook: webhook !== null }[destination];
}

async function addressesOfAdmins({ db }: Ctx): Promise<string[]> {
  const { users } = tables;
  const rows = await db
    .select({ email: users.email })
    .from(users)
    .where(and(eq(users.role, 'admin'), eq(users.disabled, false), isNotNull(users.email)))
    .limit(mostRecipients);
  return rows.flatMap(({ email }) => (email === null ? [] : [email]));
}

function why({ stage, said }: Extract<MailOutcome, { ok: false }>, server: MailServer, mail: Mail): Reason {
  const { host, port } = server;
  const words = { host, said: plainLine(said, longestSaid) };
  switch (stage) {
    case 'connect':
      return say('mailConnect', { ...words, port });
    case 'tls':
      return say('mailTls', words);
    case 'sign-in':
      return say('mailSignIn', words);
    case 'sender':
      return say('mailSender', { ...words, from: mail.from });
    case 'recipients':
      return say('mailRecipients', words);
    case 'message':
      return say('mailMessage', words);
  }
}

interface Sending {
  settings: SendSettings;
  notification: Notification;
  hubName: string;
  /** Instead of who is set. */
  to?: string | undefined;
  signal: AbortSignal;
}

async function sendMail(ctx: Ctx, { settings, notification, hubName, to, signal }: Sending): Promise<Reason | null> {
  const { host, port, secure, startTls, verifyCertificate, auth, from } = settings.smtp;
  if (host === null) return say('noMailServer');
  const sender = from ?? (auth.user?.includes('@') ? auth.user : null);
  if (sender === null) return say('noMailSender');
  const { emailTo } = settings.notifications;
  const recipients = to !== undefined ? [to] : emailTo.length > 0 ? emailTo : await addressesOfAdmins(ctx);
  if (recipients.length === 0) return say('noMailRecipients');
  const server = { host, port, secure, startTls, verifyCertificate, ...auth };
  const { id, groupKey } = notification;
  const mail = { from: sender, to: recipients, id, thread: groupKey, ...toMailText(notification, hubName) };
  const outcome = await ctx.mailer.send(server, mail, signal);
  return outcome.ok ? null : why(outcome, server, mail);
}

async function post(
  ctx: Ctx,
  { url, body, headers, signal }: { url: string; body: string; headers: Record<string, string>; signal: AbortSignal },
): Promise<Reason | null> {
  const host = URL.parse(url)?.host ?? '';
  try {
    const status = await ctx.callbacks.post({ url, headers, body, allowPrivate: true, signal });
    return status >= 200 && status < 300 ? null : say('postAnswers', { host, status });
  } catch (error) {
    return say('postFailed', { host, said: plainLine(messageOf(error), longestSaid) });
  }
}

/** Sends a notification one way; gives why it did not arrive, null where it did. */
export async function sendNotification(
  ctx: Ctx,
  destination: Destination,
  notification: Notification,
  { settings = sendSettings(ctx), to }: { settings?: SendSettings; to?: string | undefined } = {},
): Promise<Reason | null> {
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(sendMs)]);
  const hubName = settings.appearance.name ?? ownName;
  const { slackUrl, webhook, webhookSecret } = settings.notifications;
  switch (destination) {
    case 'email':
      return await sendMail(ctx, { settings, notification, hubName, to, signal });
    case 'slack': {
      if (slackUrl === null) return say('noSlackUrl');
      const headers = { 'content-type': 'application/json' };
      return await post(ctx, { url: slackUrl, body: toSlackBody(notification, hubName), headers, signal });
    }
    case 'webhook': {
      if (webhook === null) return say('noWebhook');
      const body = toWebhookBody(notification, ctx.policy.version);
      const headers = webhookHeaders(notification.id, body, webhookSecret);
      return await post(ctx, { url: webhook, body, headers, signal });
    }
  }
}
