export type { Mail, Mailer, MailOutcome, MailServer, MailStage } from './contract.ts';
export type { Notice } from './message.ts';
export { notify } from './notify.ts';
export { testNotifications } from './test-verb.ts';
