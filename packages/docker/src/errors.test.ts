import { describe, expect, it } from 'vitest';
import { codeFor, inWords } from './errors.ts';

const shim =
  'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ';

describe('a program that a container cannot start', () => {
  it.each([
    [
      `${shim}exec: "/no/such": stat /no/such: no such file or directory: unknown`,
      /^The program "\/no\/such" is not in the image/,
    ],
    [`${shim}exec: "tini": executable file not found in $PATH: unknown`, /^The program "tini" is not in the image/],
    [
      `Error response from daemon: ${shim}exec: "/etc/passwd": permission denied`,
      /"\/etc\/passwd" may not be executed/,
    ],
  ])('is told in words, and is no fault of the request (%#)', (said, words) => {
    expect(codeFor(400, said)).toBe('conflict');
    expect(codeFor(null, said.replaceAll(/"[^"\n]*"/g, '""'))).toBe('conflict');
    expect(inWords(said)).toMatch(words);
  });

  it('is not seen where something else is said', () => {
    const said = 'bind source path does not exist: /x: no such file or directory';
    expect([codeFor(400, said), inWords(said)]).toEqual(['invalid', said]);
    expect(codeFor(400, 'unable to find user nobody-here: no matching entries in passwd file')).toBe('conflict');
  });
});
