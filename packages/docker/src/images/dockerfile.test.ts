import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDockerfile, readTriggers } from './dockerfile.ts';

function lines(...all: string[]) {
  return all.join('\n');
}
function images(text: string, settings = {}) {
  const { images: found, unclear } = readDockerfile(text, settings);
  expect(unclear).toEqual([]);
  return found;
}
function unclear(text: string) {
  return readDockerfile(text).unclear.join(' ');
}

describe('the images that a Dockerfile reads', () => {
  it.each<[string, string, string[]]>([
    ['FROM', 'FROM alpine:3', ['alpine:3']],
    ['scratch, which is none', 'from scratch\nCOPY a b', []],
    [
      'stages, which are none',
      lines('FROM a AS One', 'FROM one as two', 'FROM two', 'COPY --from=TWO /x /x', 'COPY --from=0 /x /x'),
      ['a'],
    ],
    ['a name that is a stage only later', lines('FROM a', 'COPY --from=b /x /x', 'FROM c AS b'), ['a', 'b', 'c']],
    ['COPY --from', lines('FROM scratch', 'COPY --chown=1:1 --from=alice/private:1 /key /key'), ['alice/private:1']],
    [
      'RUN --mount',
      lines('FROM a', 'RUN --mount=type=bind,from=b,target=/b --mount=type=cache,target=/c true'),
      ['a', 'b'],
    ],
    [
      'ONBUILD',
      lines('FROM a', 'ONBUILD COPY --from=b /x /x', 'onbuild run --mount=from=c,target=/c x'),
      ['a', 'b', 'c'],
    ],
    [
      'ARG with a default',
      lines('ARG V=3', 'ARG BASE="alpine:${V}"', 'FROM ${BASE}', 'FROM $BASE-slim'),
      ['alpine:3', 'alpine:3-slim'],
    ],
    ['an ARG named as every object has it', lines('ARG constructor', 'FROM a${constructor:+b}'), ['a']],
    ['defaults in place', 'FROM ${REPO:-alice}/${NAME-private}${TAG+:1}', ['alice/private']],
    ['platform', 'FROM --platform=$BUILDPLATFORM a AS b', ['a']],
    [
      'continued lines and comments',
      lines('# about', 'FROM \\', '  # not this', '', '  a \\', '  AS b', 'COPY \\', ' --from=c . .'),
      ['a', 'c'],
    ],
    ['another escape character', lines('# escape=`', 'FROM `', ' a', 'RUN dir C:\\'), ['a']],
    [
      'a here-document',
      lines(
        'FROM a',
        'RUN <<EOF',
        'FROM not this',
        'EOF',
        'COPY <<-"END" /x',
        'COPY --from=no',
        '\tEND',
        'COPY --from=b x y',
      ),
      ['a', 'b'],
    ],
    ['the syntax of the engine', lines('# syntax=docker/dockerfile:1.7', 'FROM a'), ['docker/dockerfile:1.7', 'a']],
    ['Windows line ends', 'FROM a\r\nCOPY --from=b \\\r\n x y\r\n', ['a', 'b']],
    [
      'a stage that is not finished',
      lines('FROM a AS b', 'COPY --from=b /x /x', 'COPY --from=0 /x /x'),
      ['a', 'b', '0'],
    ],
    ['text in comments and here-documents', lines('# für 你好', 'FROM a', 'RUN <<EOF', 'echo 你好', 'EOF'), ['a']],
    ['ADD of files', lines('FROM a', 'ADD --chown=1 ./x y.tar.gz src/* /d/', 'ADD ["a", "/b"]'), ['a']],
  ])('%s', (_title, text, expected) => {
    expect(images(text)).toEqual(expected);
  });

  it('follow what a build is given', () => {
    const settings = { args: { BASE: 'alice/private', LATE: 'x' }, contexts: ['assets', 'Upper', 'tagged:1'] };
    const copies = ['assets', 'upper', 'tagged:1'].map((name) => `COPY --from=${name} . .`);
    expect(images(lines('ARG BASE=a', 'FROM ${BASE}:1', 'ARG LATE', ...copies), settings)).toEqual([
      'alice/private:1',
      'upper',
      'tagged:1',
    ]);
  });

  it.each<[string, string]>([
    ['an ARG without a value', lines('ARG X', 'FROM $X')],
    ['what only the builder knows', 'FROM a:${TARGETARCH:-b}'],
    ['a variable behind --from', lines('ARG X=a', 'FROM a', 'COPY --from=$X . .')],
    ['a quoted mount', lines('FROM a', 'RUN --mount="from=b,target=/b" x')],
    ['nested variables', lines('ARG A=a', 'FROM ${A:-${B}}')],
    ['a pattern in a variable', lines('ARG A=ab', 'FROM ${A#a}')],
    ['another frontend', lines('# about', '# syntax = evil/frontend', 'FROM a')],
    ['an unknown instruction', lines('FROM a', 'IMPORT --from=b x')],
    ['a here-document without an end', lines('FROM a', 'RUN <<EOF', 'x')],
    ['a here-document that goes on', lines('FROM a', 'RUN <<EOF', 'COPY --from=b x \\', 'EOF')],
    ['a here-document named as an instruction', lines('FROM a', 'RUN <<CMD', 'x', 'CMD')],
    ['shifted bits', lines('FROM a', 'RUN echo $((1<<2))')],
    ['two escapes at an end', lines('FROM a', 'RUN x \\\\', 'COPY --from=b . .')],
    ['an escape character too late', lines('# about', '# escape=`', 'FROM a')],
    ['an escape character behind another directive', lines('# a=b', '# escape=`', 'FROM a')],
    ['a directive with odd text', lines('# syntax=evil/frontend \u2028', 'FROM a')],
    ['a frontend with words behind it', lines('# syntax=docker/dockerfile:1 x', 'FROM a')],
    ['a byte order mark', '\ufeffFROM a'],
    ['a carriage return alone', 'FROM a\rCOPY b c'],
    ['a NUL', 'FROM a\0'],
    ['an odd character in a comment', lines('FROM a', '# \f')],
    ['bytes that are no UTF-8', lines('FROM a', '# \ufffd')],
    ['a here-document inside of quotes', lines('FROM a', 'RUN echo "a <<EOF b"', 'COPY --from=b . .', 'EOF')],
    ['an instruction that a line before goes on in', lines('FROM a', 'LABEL a=b \\', 'COPY --from=b . .')],
    ['an ARG named twice', lines('ARG A=a', 'ARG A', 'FROM ${A:-b}')],
    ['an ARG in quotes over words', lines('ARG B="q A=a"', 'FROM ${A:-b}')],
    ['an ARG behind an escape', lines('ARG A=a\\b', 'FROM ${A:-c}')],
    ['several ARGs on a line', lines('ARG A=a B=${A:-b}', 'FROM $B')],
    ['an ARG named by a variable', lines('ARG A=a', 'ARG X=A', 'ARG ${X}', 'FROM ${A:-b}')],
    ['an ARG that the builder sets', lines('ARG TARGETSTAGE=a', 'FROM $TARGETSTAGE')],
    ['a platform in quotes', lines('FROM --platform="a b" c AS d')],
    ['ADD of an address', lines('FROM a', 'ADD http://169.254.169.254/latest/meta-data /m')],
    ['ADD of an address behind a here-document', lines('FROM a', 'ADD <<EOF https://x /d/', 'EOF')],
    ['ADD of a repository', lines('FROM a', 'ADD git@github.com:x/y.git /d')],
    ['ADD in JSON', lines('FROM a', 'ADD ["http://x/y", "/d"]')],
    ['ADD of a variable', lines('FROM a', 'ARG U=http://x', 'ADD $U /d')],
    ['ADD in an ONBUILD', lines('FROM a', 'ONBUILD ADD http://x /d')],
    ['rights of the host', lines('FROM a', 'RUN --security=insecure x')],
    ['a FROM of several words', 'FROM a b'],
    ['a file without end', `FROM a\n${'# x\n'.repeat(100_000)}`],
  ])('%s is told as unclear', (_title, text) => {
    expect(unclear(text)).not.toBe('');
  });

  it('are never looked for in an ARG that grows with each line', () => {
    const doubled = Array.from({ length: 40 }, (_, n) => `ARG A${n + 1}=$A${n}$A${n}`);
    expect(unclear(lines('ARG A0=aaaaaaaaaa', ...doubled, 'FROM $A40'))).toMatch(/has no plain value/);
    const given = { args: { A: 'a'.repeat(100_000) } };
    expect(readDockerfile(lines('ARG A', `FROM ${'$A'.repeat(2_000)}`), given).images).toEqual([]);
  });

  it('are refused in a file where every line is odd, and looked for quickly among many stages', () => {
    const begun = process.cpuUsage();
    expect(readDockerfile('\u0001\n'.repeat(130_000)).unclear.length).toBeGreaterThanOrEqual(130_000);
    const stages = Array.from({ length: 8_000 }, (_, n) => `FROM a AS s${n}`);
    const mounts = 'from=b,'.repeat(15_000);
    expect(images(lines(...stages, `RUN --mount=${mounts} x`, 'COPY --from=S7 a b'))).toEqual(['a', 'b']);
    expect(process.cpuUsage(begun).user / 1000).toBeLessThan(5_000);
  });

  it('are found in what a base image brings along', () => {
    expect(readTriggers(['COPY --from=alice/private:1 /key /key', 'RUN true'])).toEqual({
      images: ['alice/private:1'],
      unclear: [],
    });
    expect(readTriggers(['LABEL a=b\\', 'COPY --from=b . .']).images).toEqual(['b']);
    expect(readTriggers(['RUN a\nCOPY --from=b . .']).unclear).not.toEqual([]);
  });

  it('are never told of a file that holds an odd byte outside of comments and here-documents', () => {
    const odd = fc
      .integer({ min: 0, max: 255 })
      .filter((byte) => byte !== 9 && byte !== 10 && (byte < 32 || byte > 126));
    const bases = fc.constantFrom(
      'FROM a AS b\nLABEL a=b\nCOPY --chown=1 --from=c x y\nRUN --mount=from=d,target=/d x\n',
      'ARG A=a\nFROM ${A}\nLABEL a=\\\n  b\nONBUILD COPY --from=c . .\n',
      '# escape=`\nFROM a\nENV A=`\n b\nADD x y\n',
    );
    fc.assert(
      fc.property(bases, fc.nat(), fc.array(odd, { minLength: 1, maxLength: 3 }), (base, place, bytes) => {
        const at = place % base.length;
        const text = Buffer.concat([Buffer.from(base.slice(0, at)), Buffer.from(bytes), Buffer.from(base.slice(at))]);
        const isLineEnd = bytes.length === 1 && bytes[0] === 13 && base[at] === '\n';
        expect(readDockerfile(text.toString()).unclear.length > 0).toBe(!isLineEnd);
      }),
      { numRuns: 2_000 },
    );
  });

  it('are found in any text without failing', () => {
    const word = fc.constantFrom(
      'FROM ',
      'COPY ',
      'RUN ',
      '--from=',
      'a',
      '$',
      '${',
      '}',
      '\\',
      '\n',
      '<<',
      'EOF',
      '"',
      '# ',
      'syntax=',
      '`',
      ' ',
      'AS ',
      'ONBUILD ',
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const text = words.join('');
        const { images: found } = readDockerfile(text);
        expect(found.every((image) => image !== '' && text.includes(image.split(':')[0] ?? ''))).toBe(true);
      }),
    );
  });
});
