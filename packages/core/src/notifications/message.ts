import { signatureHeader } from '../signature.ts';
import type { Notification, Severity } from './schema.ts';

const longestTitle = 200;
const longestText = 4_000;
const longestLink = 2_048;
const longestKey = 200;

function cut(text: string, most: number): string {
  return (text.length > most ? `${text.slice(0, most - 1)}…` : text).toWellFormed();
}

/** One line without control characters: it is used in the head of a mail. */
export function plainLine(text: string, most = longestTitle): string {
  return cut(
    text
      .slice(0, most * 4)
      .replace(/\p{Cc}+/gu, ' ')
      .trim(),
    most,
  );
}

/** Lines without other control characters. */
function plainText(text: string): string {
  const lines = text.slice(0, longestText * 4).replace(/\r\n?/g, '\n');
  return cut(lines.replace(/(?!\n)\p{Cc}/gu, '').trim(), longestText);
}

/** An address that people can follow; null where it is none. */
function plainLink(link: string | null, publicUrl: string | null): string | null {
  if (link === null || link.length > longestLink) return null;
  const url = URL.parse(link, publicUrl ?? undefined);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : null;
}

/** A message of the hub to people. */
export interface Notice {
  severity: Severity;
  title: string;
  text: string;
  /** An address, or a path below the hub's public one. */
  link?: string | null;
  /** The same for all that belongs together, such as one outage. */
  groupKey?: string | null;
}

/** The notification for a message, with every text bounded and plain. */
export function toNotification(
  told: Notice,
  { id, at, publicUrl }: { id: string; at: Date; publicUrl: string | null },
) {
  return {
    id,
    at: at.toISOString(),
    severity: told.severity,
    title: plainLine(told.title),
    text: plainText(told.text),
    link: plainLink(told.link ?? null, publicUrl),
    groupKey: told.groupKey == null ? null : plainLine(told.groupKey, longestKey),
  } satisfies Notification;
}

const severityWords = { info: 'Info', warning: 'Warning', critical: 'Critical' } as const satisfies Record<
  Severity,
  string
>;

/** Subject and body of a mail. */
export function toMailText({ severity, title, text, link, at }: Notification, hubName: string) {
  const parts = [text, link, `${hubName} · ${severityWords[severity]} · ${at}`];
  return {
    subject: plainLine(`[${hubName}] ${severityWords[severity]}: ${title}`),
    text: `${[title, ...parts].filter((part) => part !== null && part !== '').join('\n\n')}\n`,
  };
}

const slackMarks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text of Slack's, in which nothing of ours is markup. */
function slackText(text: string): string {
  return text.replace(/[&<>]/g, (mark) => slackMarks[mark] ?? mark);
}

/** The body that an incoming webhook of Slack takes. */
export function toSlackBody({ severity, title, text, link }: Notification, hubName: string): string {
  const head = `*${slackText(`[${hubName}] ${severityWords[severity]}: ${title}`)}*`;
  const parts = [head, slackText(text), link === null ? '' : `<${slackText(link)}>`];
  return JSON.stringify({ text: parts.filter((part) => part !== '').join('\n') });
}

/** The body that a webhook gets. */
export function toWebhookBody({ id, at, ...data }: Notification, version: string): string {
  return JSON.stringify({
    id,
    type: 'notification',
    timestamp: at,
    version: '1',
    data,
    metadata: { source: 'switchboard', hubVersion: version },
  });
}

/** Headers of a post to a webhook; signed where there is a secret. */
export function webhookHeaders(id: string, body: string, secret: string | null): Record<string, string> {
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    ...(secret && signatureHeader(secret, body)),
  };
}
