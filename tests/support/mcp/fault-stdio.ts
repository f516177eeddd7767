import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { hugeBytes, type Incoming, politeAnswer, result, type StartFault, textResult } from './fault-script.ts';

/**
 * A stdio server that misbehaves: `node fault-stdio.ts [--fault KIND] [--stubborn] [--family] [--say NAME]`.
 * `--say` complains with the value of a variable; `--stubborn` ignores the end of stdin and SIGTERM; `--family` starts a child of its own that would live on. Words
 * after them do nothing but mark both in a list of processes.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    fault: { type: 'string', default: 'none' },
    stubborn: { type: 'boolean', default: false },
    family: { type: 'boolean', default: false },
    say: { type: 'string' },
  },
});
const fault = values.fault as StartFault;

function say(message: unknown): void {
  void process.stdout.write(`${JSON.stringify(message)}\n`);
}

if (values.stubborn) {
  process.on('SIGTERM', () => {});
  setInterval(() => {}, 60_000);
}
if (values.family) {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 300000)', ...positionals], { stdio: 'ignore' });
  process.stderr.write(`child ${child.pid}\n`);
}
if (values.say !== undefined) process.stderr.write(`the value is ${process.env[values.say]}\n`);
if (fault === 'crash-start') {
  process.stderr.write('cannot open the database: no such file\n');
  process.exit(3);
}
if (fault === 'stderr-flood') {
  const line = `${'noise '.repeat(170)}\n`;
  process.stderr.on('error', () => {});
  // As fast as it is read, and no faster: what waits is memory of this program.
  function flood(): void {
    let more = true;
    for (let i = 0; i < 64; i += 1) more = process.stderr.write(line);
    if (more) setImmediate(flood);
    else process.stderr.once('drain', flood);
  }
  flood();
}

function garbage(): void {
  process.stdout.write('Server is starting up...\n');
  process.stdout.write('\u001b[32m✓ ready\u001b[0m\n\n');
  process.stdout.write('{"half": \n');
  process.stdout.write(Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0a]));
  process.stdout.write('[]\n42\nnull\n"text"\n{}\n{"jsonrpc":"2.0"}\n');
}

function endless(): void {
  const chunk = 'y'.repeat(1 << 16);
  process.stdout.write('{"jsonrpc":"2.0","id":');
  function pour(): void {
    while (process.stdout.write(chunk));
    process.stdout.once('drain', pour);
  }
  pour();
}

function misbehave(name: string, id: string | number): boolean {
  switch (name) {
    case 'hang':
      return true;
    case 'crash':
      process.stderr.write('segmentation fault (not really)\n');
      process.exit(7);
    // eslint-disable-next-line no-fallthrough -- process.exit does not return
    case 'wrong_id':
      say(result('an id nobody asked with', textResult('lost')));
      say(result(987_654_321, textResult('lost too')));
      return true;
    case 'huge':
      say(result(id, textResult('z'.repeat(hugeBytes))));
      return true;
    case 'endless':
      endless();
      return true;
    case 'garbage':
      garbage();
      return false;
    case 'duplicate':
      say(result(id, textResult('first')));
      say(result(id, textResult('second')));
      return true;
    case 'not_json_rpc':
      say({ id, answer: 'this is no JSON-RPC' });
      return true;
    default:
      return false;
  }
}

const lines = createInterface({ input: process.stdin });
if (fault === 'garbage') garbage();
lines.on('line', (line) => {
  const message = JSON.parse(line) as Incoming;
  if (fault === 'hang-start') return;
  if (fault === 'hang-list' && message.method === 'tools/list') return;
  if (message.method === 'tools/call' && message.id !== undefined) {
    if (misbehave(String(message.params?.['name']), message.id)) return;
  }
  const answer = politeAnswer(message);
  if (answer !== null) say(answer);
});
lines.on('close', () => {
  if (!values.stubborn) process.exit(0);
});
