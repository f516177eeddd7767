import { Retention } from '../audit/schema.ts';
import { requestLimits } from '../limits/schema.ts';
import type { Policy } from '../ports.ts';
import type { Secrets } from '../secrets.ts';
import { inForm, leavesOf, valueAt, withValue, type Tree } from './paths.ts';
import { sections, settingMask, Settings, type Section } from './schema.ts';

/** By section, what was set: settings that nobody set are not in it. Secrets are sealed. */
export type Stored = Partial<Record<Section, Tree>>;

/** The fields that are sealed in the database and masked in versions. */
const secretPaths: Readonly<Record<Section, readonly string[]>> = {
  smtp: ['auth.pass'],
  notifications: ['slackUrl', 'webhook', 'webhookSecret'],
  limits: [],
  retention: [],
  registration: [],
  logging: [],
  appearance: [],
  conversations: [],
};

/** Paths of a section's secrets. */
export function secretsOf(section: Section): readonly string[] {
  return secretPaths[section];
}

/** The settings of a hub on which nobody set anything; some come from its start options. */
export function defaultsOf(policy: Policy): Settings {
  return {
    smtp: {
      host: null,
      port: 587,
      secure: false,
      startTls: 'auto',
      verifyCertificate: true,
      auth: { user: null, pass: null },
      from: null,
    },
    notifications: { email: false, emailTo: [], slack: false, slackUrl: null, webhook: null, webhookSecret: null },
    limits: {
      requestsPerMinute: { ...requestLimits },
      registrationsPerHour: 10,
      serversPerPerson: policy.caps.serversPerPerson,
      keysPerPerson: policy.caps.keysPerPerson,
    },
    retention: Retention.parse({}),
    registration: { allowed: policy.allowRegistration, approval: false },
    logging: { level: policy.logLevel ?? 'info' },
    appearance: { name: null, mark: null, banner: { text: null, tone: 'info' } },
    conversations: { adminsMayRead: false },
  };
}

/** Settings that a variable of the environment holds, by path with its name. */
export function lockedBy(policy: Policy): Readonly<Record<string, string>> {
  return policy.fixed ?? {};
}

/** The same for one section, by paths within it. */
export function lockedIn(policy: Policy, section: Section): [path: string, variable: string][] {
  return Object.entries(lockedBy(policy)).flatMap(([path, variable]): [string, string][] =>
    path.startsWith(`${section}.`) ? [[path.slice(section.length + 1), variable]] : [],
  );
}

/** Secrets are no valid text while they are sealed, so the form is checked without them. */
function withoutSecrets(section: Section, tree: Tree): Tree {
  return secretsOf(section).reduce((rest, path) => withValue(rest, path, null), tree);
}

function effectiveSection(policy: Policy, section: Section, stored: Tree | undefined): Tree {
  const initial: Tree = defaultsOf(policy)[section];
  if (stored === undefined) return initial;
  const fixed = lockedIn(policy, section).map(([path]) => path);
  const known = inForm(stored, initial);
  const kept = leavesOf(known).filter((path) => !fixed.includes(path));
  // A value that a newer release stored and this one does not know must not make the others unreadable.
  return kept.reduce((tree, path) => {
    const next = withValue(tree, path, valueAt(known, path));
    return Settings.shape[section].safeParse(withoutSecrets(section, next)).success ? next : tree;
  }, initial);
}

/** The effective settings: defaults, then stored values, then environment variables. Secrets stay sealed. */
export function settingsFrom(policy: Policy, stored: Stored): Settings {
  return Object.fromEntries(
    sections.map((section) => [section, effectiveSection(policy, section, stored[section])]),
  ) as Settings;
}

function placeOf(section: Section, path: string) {
  return { table: 'settings', row: section, column: path };
}

/** A secret as it is stored. */
export function sealSetting(secrets: Secrets, section: Section, path: string, plain: string): string {
  return secrets.seal(placeOf(section, path), plain);
}

/** Tells whether a secret is another one, without giving it away. */
export function markOf(secrets: Secrets, section: Section, path: string, plain: string): string {
  return secrets.mark(placeOf(section, path), plain);
}

/** A section with its secrets as they were given. */
export function openSection<Name extends Section>(
  secrets: Secrets,
  section: Name,
  sealed: Settings[Name],
): Settings[Name] {
  const opened = secretsOf(section).reduce<Tree>((tree, path) => {
    const text = valueAt(tree, path);
    return typeof text === 'string' ? withValue(tree, path, secrets.open(placeOf(section, path), text)) : tree;
  }, sealed);
  return opened as Settings[Name];
}

/** A path that says nothing secret: many receivers have their token in it. */
const plainPath = /^\/(?:[a-z][a-z-]{0,31})?$/;

/** A URL with masks for every part that can be a token: everybody who knows the URL can post there. */
export function describeUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null) return settingMask;
  const { origin, pathname, search, hash, username, password } = url;
  const isPlain = plainPath.test(pathname) && `${username}${password}` === '';
  if (isPlain && `${search}${hash}` === '') return text;
  const told = `${origin}${isPlain ? pathname : `/${settingMask}`}${search === '' ? '' : `?${settingMask}`}`;
  return told.includes(settingMask) ? told : `${told}#${settingMask}`;
}

/** The masked form of a secret. */
export function describeSecret(path: string, plain: string): string {
  return path === 'webhook' ? describeUrl(plain) : settingMask;
}

/** The masked form of a section that has its secrets. */
export function describeSection<Name extends Section>(section: Name, opened: Settings[Name]): Settings[Name] {
  const told = secretsOf(section).reduce<Tree>((tree, path) => {
    const text = valueAt(tree, path);
    return typeof text === 'string' ? withValue(tree, path, describeSecret(path, text)) : tree;
  }, opened);
  return told as Settings[Name];
}

/** The masked form of all sections. */
export function describeSettings(secrets: Secrets, settings: Settings): Settings {
  return Object.fromEntries(
    sections.map((section) => [section, describeSection(section, openSection(secrets, section, settings[section]))]),
  ) as Settings;
}

/** The given fields of a section, without masks that keep a stored value; `opened` has the present values. */
export function keepMasked(section: Section, given: Tree, opened: Tree): { patch: Tree; unkept: string[] } {
  let patch = given;
  const unkept: string[] = [];
  for (const path of secretsOf(section)) {
    const text = valueAt(given, path);
    if (typeof text !== 'string') continue;
    const now = valueAt(opened, path);
    const isKept = text === '' || (typeof now === 'string' && text === describeSecret(path, now));
    if (isKept) patch = withValue(patch, path, now ?? null);
    else if (text.includes(settingMask)) unkept.push(path);
  }
  return { patch, unkept };
}
