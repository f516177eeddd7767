import { connect, isIP, type Socket } from 'node:net';
import nodemailer from 'nodemailer';
import type { Mail, Mailer, MailOutcome, MailServer, MailStage } from '@switchboard/core/notifications';
import { guardedLookup, refuseAddress } from '@switchboard/mcp-runtime/http';
import { isLoopback } from '../config.ts';

/** Only admins set the mail server, which is often in the same network. */
const policy = { allowPrivate: true };
const stepMs = 10_000;
const longestSaid = 500;
/** Of an answer: more is not looked through. */
const longestAnswer = 100_000;

/** The error of the sender. */
interface Failure {
  code?: unknown;
  command?: unknown;
  response?: unknown;
  message?: unknown;
}

function stageOf({ code, command }: Failure): MailStage {
  if (code === 'EAUTH' || code === 'ENOAUTH') return 'sign-in';
  if (code === 'ETLS' || code === 'EREQUIRETLS') return 'tls';
  if (code === 'EENVELOPE') return command === 'MAIL FROM' ? 'sender' : 'recipients';
  if (code === 'EMESSAGE' || command === 'DATA') return 'message';
  return typeof code === 'string' && /^(?:ERR_SSL|ERR_TLS|CERT|DEPTH|SELF|UNABLE)/.test(code) ? 'tls' : 'connect';
}

/** The password as it is sent: whole, with its user, and on its own. */
function codesOf({ user, pass }: MailServer): string[] {
  if (pass === null || pass === '') return [];
  const sent = [`\0${user ?? ''}\0${pass}`, pass].map((text) => Buffer.from(text).toString('base64'));
  return [...sent.map((text) => text.replace(/={1,2}$/, '')), pass];
}

/** The answer of a mail server, without the password: some repeat what they were sent. */
function toOutcome(error: unknown, server: MailServer, stage?: MailStage): MailOutcome {
  const failure: Failure = typeof error === 'object' && error !== null ? error : { message: error };
  const { response, message } = failure;
  const text = typeof response === 'string' && response !== '' ? response : String(message);
  const clean = codesOf(server).reduce((rest, secret) => rest.replaceAll(secret, '***'), text.slice(0, longestAnswer));
  const said = clean.slice(0, longestSaid);
  return { ok: false, stage: stage ?? stageOf(failure), said };
}

/** Connects where that may be connected to: the very address that was checked. */
function open({ host, port }: MailServer, signal: AbortSignal): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const refused = isIP(host) === 0 ? null : refuseAddress(host, policy);
  if (refused !== null) return Promise.reject(new Error(refused));
  const socket = connect({ host, port, signal, timeout: stepMs, ...({ lookup: guardedLookup(policy) } as object) });
  socket.once('connect', () => {
    socket.removeListener('error', reject);
    socket.setTimeout(0);
    resolve(socket);
  });
  socket.once('timeout', () => socket.destroy(new Error('nobody answered in time')));
  socket.once('error', reject);
  return promise;
}

function toMessage({ from, to, subject, text, id, thread }: Mail) {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const root = thread === null ? undefined : `<${Buffer.from(thread).toString('hex')}@switchboard.${domain}>`;
  return {
    from: { name: '', address: from },
    to: to.map((address) => ({ name: '', address })),
    subject,
    text,
    messageId: `<${id}@switchboard.${domain}>`,
    ...(root !== undefined && { references: root, inReplyTo: root }),
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function transportFor(server: MailServer, socket: Socket) {
  const { host, port, secure, startTls, verifyCertificate, user, pass } = server;
  // Nobody can read a connection that stays on this machine.
  const isNear = isLoopback(socket.remoteAddress ?? '');
  const requireTls = startTls === 'required' || (startTls === 'auto' && pass !== null && !isNear);
  return nodemailer.createTransport({
    host,
    port,
    secure,
    requireTLS: !secure && requireTls,
    ignoreTLS: startTls === 'never',
    ...(user !== null && pass !== null && { auth: { user, pass } }),
    tls: { rejectUnauthorized: verifyCertificate && !isNear, ...(isIP(host) === 0 && { servername: host }) },
    greetingTimeout: stepMs,
    connectionTimeout: stepMs,
    socketTimeout: stepMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    getSocket: (_options: unknown, callback: (error: Error | null, found: { connection: Socket }) => void) =>
      callback(null, { connection: socket }),
  });
}

async function send(server: MailServer, mail: Mail, signal: AbortSignal): Promise<MailOutcome> {
  let socket: Socket;
  try {
    socket = await open(server, signal);
  } catch (error) {
    return toOutcome(error, server, 'connect');
  }
  const transport = transportFor(server, socket);
  function giveUp() {
    socket.destroy(new Error('it took too long'));
  }
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await transport.sendMail(toMessage(mail));
    return { ok: true };
  } catch (error) {
    return toOutcome(error, server);
  } finally {
    signal.removeEventListener('abort', giveUp);
    transport.close();
    socket.destroy();
  }
}

/** Sends mail over SMTP; names and addresses are checked like those of remote servers. */
export const mailer: Mailer = { send };
