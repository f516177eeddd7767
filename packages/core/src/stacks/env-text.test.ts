import { expect, test } from 'vitest';
import { envNames, keepMasked, maskEnv, maskOf } from './env-text.ts';

const pem = '-----BEGIN KEY-----\nMIIabcdef\n-----END KEY-----';
const text = `# about\nPLAIN=value one\nexport TOKEN = "quoted value"\nEMPTY=\nKEY="${pem}"\nLAST='single'\n`;

test('shows names and comments, no value, however many lines it has', () => {
  const masked = maskEnv(text);
  expect(masked).toBe('# about\nPLAIN=***\nexport TOKEN = ***\nEMPTY=***\nKEY=***\nLAST=***\n');
  expect(envNames(text)).toEqual(['PLAIN', 'TOKEN', 'EMPTY', 'KEY', 'LAST']);
  expect(envNames(null)).toEqual([]);
});

test('what was masked and is written back keeps its value; what is new or changed is taken', () => {
  expect(keepMasked(maskEnv(text), text)).toBe(text);
  const changed = keepMasked('PLAIN=other\nKEY=***\nNEW=***\n', text);
  expect(changed).toBe(`PLAIN=other\nKEY="${pem}"\nNEW=***\n`);
});

test('takes values out of what a program says, line by line', () => {
  const mask = maskOf(text);
  expect(mask('with value one and quoted value and MIIabcdef')).toBe('with *** and *** and ***');
  expect(maskOf('A=1\nB=ab\n')('1 ab stay')).toBe('1 ab stay');
  expect(maskOf(null)('as it is')).toBe('as it is');
});
