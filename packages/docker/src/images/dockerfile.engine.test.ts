import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { execa } from 'execa';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTestEngine, importImage, openTestEngine, suiteTitle, type TestEngine } from '../testing/testing.ts';
import { findDockerfile } from './dockerfile-in-archive.ts';
import { readDockerfile, readTriggers } from './dockerfile.ts';

const found = await findTestEngine();
const take = '/secret.txt /stolen';
function lines(...all: string[]) {
  return `${all.join('\n')}\n`;
}

/** What the two builders of an engine read, beside what the reader says that they read. */
describe.skipIf('missing' in found)(suiteTitle('builders and the reader of Dockerfiles', found), () => {
  let test: TestEngine;
  let folder = '';
  let secret = '';
  let count = 0;

  beforeAll(async () => {
    test = await openTestEngine('host' in found ? found.host : '');
    folder = await mkdtemp(join(tmpdir(), 'dockerfile-'));
    secret = `${test.prefix}-secret`;
    const root = pack();
    root.entry({ name: 'secret.txt' }, 'secret');
    root.finalize();
    await importImage(test.engine, `${secret}:latest`, test.labels, root as never);
    await writeFile(
      join(folder, 'compose.yaml'),
      'services:\n  x:\n    image: ${TAG}\n    build:\n      context: .\n      labels:\n        - ${LABEL}\n',
    );
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
    await test[Symbol.asyncDispose]();
  });

  async function holdsSecret(image: string): Promise<boolean> {
    const made = await test.engine.containers.create({ image, labels: test.labels, command: 'none' });
    function isThere(path: string) {
      return test.engine.files.stat(made.id, path).then(
        () => true,
        () => false,
      );
    }
    const stolen = (await isThere('/stolen')) || (await isThere('/secret.txt'));
    await test.engine.containers.remove(made.id);
    return stolen;
  }

  async function archiveOf(text: Buffer): Promise<Buffer> {
    const archive = pack();
    archive.entry({ name: 'Dockerfile' }, text);
    archive.finalize();
    return await buffer(archive);
  }

  /** Which builders put the secret into their image; one that refuses the file does not. */
  async function thieves(text: Buffer): Promise<string[]> {
    count += 1;
    const tag = `switchboard-test/stolen:${test.prefix}-${count}`;
    const builders: [string, (image: string) => Promise<unknown>][] = [
      [
        'classic',
        async (image) =>
          await test.engine.images.build({ context: await archiveOf(text), tag: image, labels: test.labels }),
      ],
      [
        'buildkit',
        async (image) => {
          await writeFile(join(folder, 'Dockerfile'), text);
          const env = { TAG: image, LABEL: test.label };
          await execa('docker', ['compose', 'build', '--no-cache'], { cwd: folder, env, timeout: 120_000 });
        },
      ],
    ];
    const taken: string[] = [];
    for (const [name, build] of builders) {
      const built = await build(`${tag}-${name}`).then(
        () => true,
        () => false,
      );
      if (built && (await holdsSecret(`${tag}-${name}`))) taken.push(name);
    }
    return taken;
  }

  const cases: [string, (image: string) => string | Buffer][] = [
    ['COPY --from, plainly', (image) => lines('FROM scratch', `COPY --from=${image} ${take}`)],
    ['an ARG named twice', (image) => lines('ARG A=scratch', 'ARG A', `FROM \${A:-${image}}`)],
    ['several ARGs on a line', (image) => lines(`ARG A=scratch B=\${A:-${image}}`, 'FROM $B')],
    ['an ARG inside of quotes', (image) => lines('ARG B="q A=scratch"', `FROM \${A:-${image}}`)],
    ['an ARG behind an escaped space', (image) => lines('ARG B=q\\ A=scratch', `FROM \${A:-${image}}`)],
    ['an escaped value', (image) => lines(`ARG A=${image.slice(0, 3)}\\${image.slice(3)}`, 'FROM ${A:-scratch}')],
    [
      'an ARG whose name is a variable',
      (image) => lines('ARG A=scratch', 'ARG X=A', 'ARG ${X}', `FROM \${A:-${image}}`),
    ],
    ...['\f', '\v', '\u00a0', '\u2003', '\r\r', '\ufeff'].map((odd): (typeof cases)[number] => [
      `${JSON.stringify(odd)} behind an escape`,
      (image) => lines('FROM scratch', `LABEL a=b\\${odd}`, `COPY --from=${image} ${take}`),
    ]),
    [
      'a letter whose bytes hold a space',
      (image) =>
        lines(
          `FROM ${test.image}`,
          // The builder takes the first byte of the letter for a letter of its own.
          "RUN printf '0\\303\\203:x:0:0::/:/bin/sh\\n' >> /etc/passwd && printf '0\\303\\203:x:0:\\n' >> /etc/group",
          `COPY --chown=0à--from=${image} ${take}`,
        ),
    ],
    [
      'a byte that is no UTF-8',
      (image) =>
        Buffer.concat([
          Buffer.from('FROM scratch\nCOPY '),
          Buffer.from([0x85]),
          Buffer.from(`--from=${image} ${take}\n`),
        ]),
    ],
    ['a stage that is not finished', (image) => lines(`FROM scratch AS ${image}`, `COPY --from=${image} ${take}`)],
    [
      'an escape character behind another directive',
      (image) => lines('# about=x', '# escape=`', 'FROM scratch', 'LABEL a=b`', `COPY --from=${image} ${take}`),
    ],
  ];

  it.each(cases)('%s: what a builder takes, the reader names or refuses', { timeout: 300_000 }, async (_, of) => {
    const text = Buffer.from(of(secret));
    expect(await thieves(text)).not.toEqual([]);
    const read = await findDockerfile(await archiveOf(text));
    const { images, unclear } = readDockerfile(read ?? '');
    expect(unclear.length > 0 || images.includes(secret), JSON.stringify({ images, unclear })).toBe(true);
  });

  it('instructions of a base image are read one by one, as the builder does', { timeout: 300_000 }, async () => {
    const triggers = ['LABEL a=b\\', `COPY --from=${secret} ${take}`];
    const base = `switchboard-test/base:${test.prefix}`;
    const text = lines('# escape=`', 'FROM scratch', ...triggers.map((trigger) => `ONBUILD ${trigger}`));
    await test.engine.images.build({ context: await archiveOf(Buffer.from(text)), tag: base, labels: test.labels });
    expect((await test.engine.images.get(base)).onBuild).toEqual(triggers);
    expect(await thieves(Buffer.from(`FROM ${base}\n`))).not.toEqual([]);
    expect(readTriggers(triggers).images).toEqual([secret]);
  });
});
