import { z } from 'zod';
import { VersionNumber, type TextDiff, type VersionSummary } from '../versions/schema.ts';

/** Stands for a stored secret: given back, it keeps it. */
export const settingMask = '***';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
/** Levels at which the hub's own log is written. */
export const LogLevel = z.enum(logLevels);
export type LogLevel = z.infer<typeof LogLevel>;

/** An unknown field is refused with the list of known ones: a misspelt setting must not seem to work. */
function strict<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return undefined;
      const unknown = issue.keys.slice(0, 10).map((key) => key.slice(0, 64));
      return `does not know ${unknown.join(', ')}; it knows ${known}`;
    },
  });
}

/** A text of one line: it is used in headers and in the head of the page. */
function line(most: number) {
  return z
    .string()
    .max(most)
    .refine((text) => !/\p{Cc}/u.test(text), 'must be one line without control characters');
}

const secret = z.string().max(1_024);
/** Given without its secret parts it keeps them, so the mask is let through here. */
const address = z.string().max(2_048);
const dayCount = z.int().min(1).max(3_650).meta({ description: 'Days' });
const aMinute = z.int().min(1).max(1_000_000).meta({ description: 'Requests a minute' });
const mailAddress = z.email().max(320);

const SmtpAuth = strict({
  user: line(320).nullable().meta({ description: 'null: nobody signs in' }),
  pass: secret
    .nullable()
    .meta({ description: 'Masked where it is set; the mask keeps it while host and port stay and TLS gets no weaker' }),
});

const Smtp = strict({
  host: z
    .string()
    .max(253)
    .regex(/^[A-Za-z0-9._:-]+$/, 'must be a host name or an address')
    .nullable()
    .meta({ description: 'null: no mail is sent' }),
  port: z.int().min(1).max(65_535).meta({ description: 'Of the mail server; 587 where nobody set it' }),
  secure: z.boolean().meta({ description: 'TLS from the first byte, as on port 465; else STARTTLS' }),
  startTls: z.enum(['auto', 'required', 'never']).meta({
    description: '`auto`: wherever it is offered, and required where a password is sent to another machine',
  }),
  verifyCertificate: z.boolean(),
  auth: SmtpAuth,
  from: mailAddress.nullable().meta({ description: 'Sender; null: the user, where that is an address' }),
});

const Notifications = strict({
  email: z.boolean().meta({ description: 'Whether messages go out by mail' }),
  emailTo: z.array(mailAddress).max(50).meta({ description: 'Empty: all admins who have an address' }),
  slack: z.boolean().meta({ description: 'Whether they are posted to slackUrl' }),
  slackUrl: address.nullable().meta({ description: 'Incoming webhook; masked where it is set' }),
  webhook: address.nullable().meta({
    description: 'URL that is posted to; null: none. Its query, and a path of more than one plain word, are masked',
  }),
  webhookSecret: secret.nullable().meta({ description: 'Signs what is posted; masked where it is set' }),
});

const RequestLimits = strict({ anonymous: aMinute, user: aMinute, admin: aMinute });

const Limits = strict({
  requestsPerMinute: RequestLimits.meta({ description: 'Requests of the documented hub API' }),
  registrationsPerHour: z.int().min(1).max(10_000).meta({ description: 'New accounts from one address' }),
  serversPerPerson: z.int().min(1).max(1_000_000).meta({ description: 'Servers that one person may own' }),
  keysPerPerson: z.int().min(1).max(1_000_000).meta({ description: 'API keys that one person may have' }),
});

/** Days that history is kept. */
export const RetentionSection = strict({ callsDays: dayCount, auditDays: dayCount });

const Registration = strict({
  allowed: z.boolean().meta({ description: 'Whether people may make accounts for themselves' }),
  approval: z.boolean().meta({ description: 'Such accounts are disabled until an admin approves them' }),
});

const Logging = strict({ level: LogLevel });

const Banner = strict({
  text: z.string().max(500).nullable().meta({ description: 'null: there is none' }),
  tone: z.enum(['info', 'warning']),
});

const Appearance = strict({
  name: line(60).min(1).nullable().meta({ description: 'What the page calls this hub; null: its own name' }),
  mark: line(4).min(1).nullable().meta({ description: 'Letters in place of the logo' }),
  banner: Banner.meta({ description: 'Shown to everybody, before they sign in too' }),
});

const Conversations = strict({
  adminsMayRead: z
    .boolean()
    .meta({ description: 'Whether admins may read what others say to models; each reading is in the audit log' }),
});

/** Everything that can be set while the hub runs. */
export const Settings = strict({
  smtp: Smtp,
  notifications: Notifications,
  limits: Limits,
  retention: RetentionSection,
  registration: Registration,
  logging: Logging,
  appearance: Appearance,
  conversations: Conversations,
});
export type Settings = z.infer<typeof Settings>;

export const sections = [
  'smtp',
  'notifications',
  'limits',
  'retention',
  'registration',
  'logging',
  'appearance',
  'conversations',
] as const satisfies readonly (keyof Settings)[];
export const Section = z.enum(sections);
export type Section = z.infer<typeof Section>;

/** Given fields are changed; all others keep their value, at every depth. */
export const ChangeConfiguration = strict({
  smtp: Smtp.extend({ auth: SmtpAuth.partial() }).partial(),
  notifications: Notifications.partial(),
  limits: Limits.extend({ requestsPerMinute: RequestLimits.partial() }).partial(),
  retention: RetentionSection.partial(),
  registration: Registration.partial(),
  logging: Logging.partial(),
  appearance: Appearance.extend({ banner: Banner.partial() }).partial(),
  conversations: Conversations.partial(),
}).partial();
export type ChangeConfiguration = z.infer<typeof ChangeConfiguration>;

export const BySection = z.object({ section: Section });
export const DiffConfiguration = z.object({ section: Section, from: VersionNumber, to: VersionNumber });
export const RestoreConfiguration = z.object({ section: Section, number: VersionNumber });

/** The settings with masked secrets. */
export interface Configuration {
  settings: Settings;
  /** Settings that an environment variable has set, with its name: `registration.allowed` → `ALLOW_REGISTRATION`. */
  locked: Record<string, string>;
  /** Sections that were changed, and when last. */
  changed: Partial<Record<Section, Date>>;
}

export interface RestoredConfiguration extends Configuration {
  /** Secrets that the version had and that are not stored any more, or only for another mail server. */
  missing: string[];
}

export interface ConfigurationVersions {
  versions: VersionSummary[];
  /** As many are kept. */
  most: number;
}

export interface ConfigurationDiff {
  section: TextDiff;
  /** Secrets that another value was given. */
  changedValues: string[];
}

/** The appearance that the page shows before anybody signed in. */
export interface PublicAppearance {
  name: string | null;
  mark: string | null;
  banner: { text: string; tone: 'info' | 'warning' } | null;
}
