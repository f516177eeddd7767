/** A mail server, and how it is spoken to. */
export interface MailServer {
  host: string;
  port: number;
  /** TLS from the first byte. */
  secure: boolean;
  startTls: 'auto' | 'required' | 'never';
  verifyCertificate: boolean;
  user: string | null;
  pass: string | null;
}

/** One message of plain text. */
export interface Mail {
  from: string;
  to: readonly string[];
  subject: string;
  text: string;
  /** Equal for each try, so that a mailbox recognises a repeated message. */
  id: string;
  /** The id that messages about one outage share. */
  thread: string | null;
}

/** The step at which sending a mail ended. */
export type MailStage = 'connect' | 'tls' | 'sign-in' | 'sender' | 'recipients' | 'message';

export type MailOutcome = { ok: true } | { ok: false; stage: MailStage; said: string };

/** Sends mail over SMTP. */
export interface Mailer {
  /** Never rejects: what fails is an outcome. Ends soon after the signal is aborted. */
  send(server: MailServer, mail: Mail, signal: AbortSignal): Promise<MailOutcome>;
}

/** For processes that send no mail. */
export const noMailer: Mailer = {
  send: () => Promise.resolve({ ok: false, stage: 'connect', said: 'this process sends no mail' }),
};
