import { createInterface } from 'node:readline';
import { answerOf } from './malformed.ts';

/** A stdio server that answers its list with a malformed message: `node malformed-stdio.ts FAULT`. */
const fault = process.argv[2] ?? '';
for await (const line of createInterface({ input: process.stdin })) {
  for (const answer of answerOf(fault, JSON.parse(line) as object)) process.stdout.write(`${answer}\n`);
}
