import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDockerfile, readTriggers } from './dockerfile.ts';

const lines = (...all: string[]) => all.join('\n');
const images = (text: string, settings = {}) => {
  const { images: found, unclear } = readDockerfile(text, settings);
  expect(unclear).toEqual([]);
  return found;
};
const unclear = (text: string) => readDockerfile(text).unclear.join(' ');

describe('the images that a Dockerfile reads', () => {
  it.each<[string, string, string[]]>([
    ['FROM', 'FROM alpine:3', ['alpine:3']],
    ['scratch, which is none', 'from scratch\nCOPY a b', []],
    [
      'stages, which are none',
      lines('FROM a AS One', 'FROM one as two', 'COPY --from=TWO /x /x', 'COPY --from=0 /x /x'),
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
    ['Windows line ends and a byte order mark', '\ufeffFROM a\r\nCOPY --from=b \\\r\n x y\r\n', ['a', 'b']],
    ['ADD of files', lines('FROM a', 'ADD --chown=1 ./x y.tar.gz src/* /d/', 'ADD ["a", "/b"]'), ['a']],
  ])('%s', (_title, text, expected) => {
    expect(images(text)).toEqual(expected);
  });

  it('follow what a build is given', () => {
    const settings = { args: { BASE: 'alice/private', LATE: 'x' }, contexts: ['Assets'] };
    expect(images(lines('ARG BASE=a', 'FROM ${BASE}:1', 'ARG LATE', 'COPY --from=assets . .'), settings)).toEqual([
      'alice/private:1',
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

  it('are found in what a base image brings along', () => {
    expect(readTriggers(['COPY --from=alice/private:1 /key /key', 'RUN true'])).toEqual({
      images: ['alice/private:1'],
      unclear: [],
    });
    expect(readTriggers(['RUN a\nCOPY --from=b . .']).unclear).not.toEqual([]);
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
