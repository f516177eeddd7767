import { answer, type Json, toolTable } from './tools.ts';

/** A server over stdio that writes lines to its log, as many a second as it is told: `{"noise": 10000}` as a tool's text. */
const tools = toolTable(1);
const sliceMs = 10;

let held = '';
let noise: NodeJS.Timeout | undefined;
let number = 0;

/** Keeps to the rate over time: what a late slice missed comes with the next one. */
function makeNoise(linesASecond: number): void {
  clearInterval(noise);
  if (linesASecond === 0) return;
  const began = performance.now();
  let written = 0;
  noise = setInterval(() => {
    const due = Math.floor(((performance.now() - began) / 1000) * linesASecond) - written;
    written += due;
    const lines = Array.from({ length: due }, () => `line ${(number += 1)} of what a busy server tells its log\n`);
    process.stderr.write(lines.join(''));
  }, sliceMs);
}

function rateOf(message: Json): number | null {
  const text = (message['params'] as { arguments?: { text?: string } } | undefined)?.arguments?.text ?? '';
  return text.startsWith('{"noise"') ? (JSON.parse(text) as { noise: number }).noise : null;
}

process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk: string) => {
  const lines = (held + chunk).split('\n');
  held = lines.pop() ?? '';
  for (const line of lines.filter((each) => each !== '')) {
    const message = JSON.parse(line) as Json;
    const rate = rateOf(message);
    if (rate !== null) makeNoise(rate);
    const reply = answer(message, tools);
    if (reply !== null) process.stdout.write(`${JSON.stringify(reply)}\n`);
  }
});
process.stdin.on('end', () => process.exit(0));
