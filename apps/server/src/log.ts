import pino, { type Logger } from 'pino';
import type { Config } from './config.ts';

const levelNames: Record<number, string> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
const hidden = new Set(['level', 'time', 'pid', 'hostname', 'msg', 'name']);

function describe(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}

/** Characters that move the cursor, start a line, or change the direction of text. */
// oxlint-disable-next-line no-control-regex -- finding control characters is the point
const unprintable = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function escaped(text: string): string {
  return text.replace(unprintable, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** One log line for a person: time, level, message, then the fields. */
export function toReadableLine(json: string): string {
  const entry: Record<string, unknown> = JSON.parse(json);
  const time = new Date(Number(entry['time'])).toISOString().slice(11, 19);
  const fields = Object.entries(entry)
    .filter(([key]) => !hidden.has(key))
    .map(([key, value]) => ` ${key}=${describe(value)}`)
    .join('');
  const level = (levelNames[Number(entry['level'])] ?? 'info').padEnd(5);
  return `${time} ${level} ${escaped(`${describe(entry['msg'] ?? '')}${fields}`)}\n`;
}

/** Names of fields that may hold a credential; whatever is under them is not logged. */
const secretFields = [
  'authorization',
  'cookie',
  'password',
  'token',
  'refreshToken',
  'apiKey',
  'key',
  'secret',
  'env',
  'headers',
];

/** The hub's own log: JSON lines, or readable ones on a terminal. `also` gets each line of JSON besides. */
export function createLogger(config: Pick<Config, 'logLevel'>, also: (line: string) => void = () => undefined): Logger {
  const options: pino.LoggerOptions = {
    level: config.logLevel,
    base: null,
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`]), censor: '***' },
    serializers: { error: (error: unknown) => (error instanceof Error ? pino.stdSerializers.err(error) : error) },
  };
  const { isTTY } = process.stdout;
  const out = isTTY ? process.stdout : pino.destination(1);
  return pino(options, {
    write(line: string) {
      out.write(isTTY ? toReadableLine(line) : line);
      also(line);
    },
  });
}
