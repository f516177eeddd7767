import type { ParseKeys } from 'i18next';
import type { Section } from '@switchboard/core/configuration/schema';

interface Common {
  /** Dotted, within its section. */
  path: string;
  label: ParseKeys;
  hint?: ParseKeys;
}

/** How one setting is filled in. `lines`: a list, an entry a line. */
export type SettingField = Common &
  (
    | { kind: 'text' | 'secret' | 'lines' | 'long' | 'switch' }
    | { kind: 'number'; most: number }
    | { kind: 'choice'; options: readonly { value: string; label: ParseKeys }[] }
  );

const most = 1_000_000;
const days = 3_650;

/** The settings of each section, in the order of their form. */
export const settingFields: Readonly<Record<Section, readonly SettingField[]>> = {
  smtp: [
    { path: 'host', kind: 'text', label: 'settings.field.smtpHost', hint: 'settings.field.smtpHostHint' },
    { path: 'port', kind: 'number', most: 65_535, label: 'settings.field.smtpPort' },
    { path: 'secure', kind: 'switch', label: 'settings.field.smtpSecure', hint: 'settings.field.smtpSecureHint' },
    {
      path: 'startTls',
      kind: 'choice',
      label: 'settings.field.startTls',
      options: [
        { value: 'auto', label: 'settings.field.startTlsAuto' },
        { value: 'required', label: 'settings.field.startTlsRequired' },
        { value: 'never', label: 'settings.field.startTlsNever' },
      ],
    },
    { path: 'verifyCertificate', kind: 'switch', label: 'settings.field.verifyCertificate' },
    { path: 'auth.user', kind: 'text', label: 'settings.field.smtpUser' },
    { path: 'auth.pass', kind: 'secret', label: 'settings.field.smtpPassword' },
    { path: 'from', kind: 'text', label: 'settings.field.from', hint: 'settings.field.fromHint' },
  ],
  notifications: [
    { path: 'email', kind: 'switch', label: 'settings.field.email' },
    { path: 'emailTo', kind: 'lines', label: 'settings.field.emailTo', hint: 'settings.field.emailToHint' },
    { path: 'slack', kind: 'switch', label: 'settings.field.slack' },
    { path: 'slackUrl', kind: 'secret', label: 'settings.field.slackUrl' },
    { path: 'webhook', kind: 'text', label: 'settings.field.webhook', hint: 'settings.field.webhookHint' },
    {
      path: 'webhookSecret',
      kind: 'secret',
      label: 'settings.field.webhookSecret',
      hint: 'settings.field.webhookSecretHint',
    },
  ],
  limits: [
    { path: 'requestsPerMinute.anonymous', kind: 'number', most, label: 'settings.field.requestsAnonymous' },
    { path: 'requestsPerMinute.user', kind: 'number', most, label: 'settings.field.requestsUser' },
    { path: 'requestsPerMinute.admin', kind: 'number', most, label: 'settings.field.requestsAdmin' },
    { path: 'registrationsPerHour', kind: 'number', most: 10_000, label: 'settings.field.registrationsPerHour' },
    { path: 'serversPerPerson', kind: 'number', most, label: 'settings.field.serversPerPerson' },
    { path: 'keysPerPerson', kind: 'number', most, label: 'settings.field.keysPerPerson' },
  ],
  retention: [
    { path: 'callsDays', kind: 'number', most: days, label: 'settings.field.callsDays' },
    { path: 'auditDays', kind: 'number', most: days, label: 'settings.field.auditDays' },
  ],
  registration: [
    { path: 'allowed', kind: 'switch', label: 'settings.field.registrationAllowed' },
    {
      path: 'approval',
      kind: 'switch',
      label: 'settings.field.registrationApproval',
      hint: 'settings.field.registrationApprovalHint',
    },
  ],
  logging: [
    {
      path: 'level',
      kind: 'choice',
      label: 'settings.field.logLevel',
      hint: 'settings.field.logLevelHint',
      options: [
        { value: 'trace', label: 'settings.level.trace' },
        { value: 'debug', label: 'settings.level.debug' },
        { value: 'info', label: 'settings.level.info' },
        { value: 'warn', label: 'settings.level.warn' },
        { value: 'error', label: 'settings.level.error' },
        { value: 'fatal', label: 'settings.level.fatal' },
        { value: 'silent', label: 'settings.level.silent' },
      ],
    },
  ],
  appearance: [
    { path: 'name', kind: 'text', label: 'settings.field.hubName', hint: 'settings.field.hubNameHint' },
    { path: 'mark', kind: 'text', label: 'settings.field.mark', hint: 'settings.field.markHint' },
    { path: 'banner.text', kind: 'long', label: 'settings.field.banner', hint: 'settings.field.bannerHint' },
    {
      path: 'banner.tone',
      kind: 'choice',
      label: 'settings.field.bannerTone',
      options: [
        { value: 'info', label: 'settings.field.bannerInfo' },
        { value: 'warning', label: 'settings.field.bannerWarning' },
      ],
    },
  ],
  conversations: [
    {
      path: 'adminsMayRead',
      kind: 'switch',
      label: 'settings.field.adminsMayRead',
      hint: 'settings.field.adminsMayReadHint',
    },
  ],
};

/** What each section is called, and what it is for. */
export const sectionWords = {
  smtp: { title: 'settings.section.smtp', hint: 'settings.section.smtpHint' },
  notifications: { title: 'settings.section.notifications', hint: 'settings.section.notificationsHint' },
  limits: { title: 'settings.section.limits', hint: 'settings.section.limitsHint' },
  retention: { title: 'settings.section.retention', hint: 'settings.section.retentionHint' },
  registration: { title: 'settings.section.registration', hint: 'settings.section.registrationHint' },
  logging: { title: 'settings.section.logging', hint: 'settings.section.loggingHint' },
  appearance: { title: 'settings.section.appearance', hint: 'settings.section.appearanceHint' },
  conversations: { title: 'settings.section.conversations', hint: 'settings.section.conversationsHint' },
} as const satisfies Record<Section, { title: ParseKeys; hint: ParseKeys }>;
