import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WireFault } from '@switchboard/agents/simulator';
import type { AnswerForm } from './accept.ts';

/** An answer before it goes out. */
export interface WireAnswer {
  form: AnswerForm;
  /** JSON. */
  body: string;
  headers: Record<string, string>;
}

const types: Readonly<Record<AnswerForm, string>> = {
  json: 'application/json; charset=utf-8',
  event: 'text/event-stream; charset=utf-8',
};

function inForm({ form, body }: Pick<WireAnswer, 'form' | 'body'>): string {
  return form === 'json' ? body : `event: message\ndata: ${body}\n\n`;
}

/** Ends the connection without more words. */
function cut(response: ServerResponse): void {
  response.socket?.destroy();
}

function writeWhole(response: ServerResponse, answer: WireAnswer, status = 200): void {
  const text = inForm(answer);
  response.writeHead(status, {
    ...answer.headers,
    'cache-control': 'no-store',
    'content-type': types[answer.form],
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function writeHalf(response: ServerResponse, answer: WireAnswer): void {
  const bytes = Buffer.from(inForm(answer));
  response.writeHead(200, {
    ...answer.headers,
    'content-type': types[answer.form],
    'content-length': bytes.byteLength,
  });
  response.write(bytes.subarray(0, Math.ceil(bytes.byteLength / 2)), () => cut(response));
}

const dripEveryMs = 50;

async function drip(response: ServerResponse, answer: WireAnswer, ms: number): Promise<void> {
  const bytes = Buffer.from(inForm(answer));
  const pieces = Math.min(bytes.byteLength, Math.max(1, Math.ceil(ms / dripEveryMs)));
  const size = Math.ceil(bytes.byteLength / pieces);
  response.writeHead(200, {
    ...answer.headers,
    'content-type': types[answer.form],
    'content-length': bytes.byteLength,
  });
  for (let at = 0; at < bytes.byteLength && !response.destroyed; at += size) {
    response.write(bytes.subarray(at, at + size));
    await sleep(ms / pieces);
  }
  response.end();
}

/** The same reply with an id that nobody gave. */
function withOtherId(body: string): string {
  const reply = JSON.parse(body) as Record<string, unknown>;
  const { id } = reply;
  return JSON.stringify({ ...reply, id: typeof id === 'number' ? id + 1_000_000 : `${String(id)}-other` });
}

/** Sends an answer as a fault of the wire has it. */
export async function writeFaulty(response: ServerResponse, answer: WireAnswer, fault: WireFault): Promise<void> {
  switch (fault.kind) {
    case 'http-status': {
      const { status, message, retryAfterSeconds } = fault;
      const headers = {
        ...answer.headers,
        ...(retryAfterSeconds !== null && { 'retry-after': String(retryAfterSeconds) }),
      };
      return writeWhole(response, { form: 'json', body: JSON.stringify({ error: message }), headers }, status);
    }
    case 'cut':
      return fault.sent === 'half' ? writeHalf(response, answer) : cut(response);
    case 'malformed':
      // All but its end, with a length that says that it is whole.
      return writeWhole(response, { ...answer, body: answer.body.slice(0, -Math.max(2, answer.body.length >> 2)) });
    case 'drip':
      return await drip(response, answer, fault.ms);
    case 'wrong-id':
      return writeWhole(response, { ...answer, body: withOtherId(answer.body) });
  }
}

/** Sends an answer. */
export function writeProductAnswer(response: ServerResponse, answer: WireAnswer, status = 200): void {
  writeWhole(response, answer, status);
}
