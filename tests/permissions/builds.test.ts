import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importImage, busyboxRoot, suiteTitle } from '@switchboard/docker/testing';
import { createEngineApp, type EngineApp, engineFound, noEngine } from '../support/engine.ts';
import { addPerson, type Caller } from '../support/people.ts';
import { until } from '../support/until.ts';

/** What builds and pulls of somebody may read, who has power over containers and none over the host. */

let app: EngineApp;
let alice: Caller;
let bob: Caller;
function tag(word: string) {
  return `${app.docker.prefix}-${word}:1`;
}
function lines(...all: string[]) {
  return `${all.join('\n')}\n`;
}
function asFiles(text: string) {
  return { kind: 'files' as const, files: [{ path: 'Dockerfile', text }] };
}

async function keeper(name: string): Promise<Caller> {
  const person = await addPerson(app, name);
  await app.client().users.update.mutate({ id: name, patch: { grants: ['container.manage'] } });
  return person;
}

/** Builds and gives how it ended; rejects where it was refused before it began. */
async function build(caller: Caller, word: string, text: string, more: object = {}): Promise<string> {
  const run = await caller.client().images.build.mutate({ tag: tag(word), context: asFiles(text), ...more });
  let ended = '';
  await until(
    async () => {
      const found = (await caller.client().engines.runs.query()).find(({ id }) => id === run.id);
      ended = found?.message ?? found?.outcome ?? '';
      return found?.outcome !== 'running';
    },
    `build ${word}`,
    90_000,
  );
  return ended;
}

describe.skipIf(noEngine)(suiteTitle('what builds read', engineFound), () => {
  beforeAll(async () => {
    app = await createEngineApp();
    [alice, bob] = [await keeper('alice'), await keeper('bob')];
    expect(await build(alice, 'private', lines('FROM scratch', 'COPY Dockerfile /key.txt'))).toBe('ok');
    // Everybody's, as a pulled image is, with an instruction that reads what is alice's.
    await importImage(app.docker.engine, tag('trap'), app.docker.labels, await busyboxRoot(), [
      `ONBUILD COPY --from=${tag('private')} /key.txt /key.txt`,
    ]);
  });
  afterAll(() => app.stop());

  test('of images: those of others are absent, however they are named', async () => {
    const own = tag('private');
    const steals: [string, string, object?][] = [
      ['FROM', lines(`FROM ${own} AS a`, 'FROM scratch', 'COPY --from=a /key.txt /')],
      ['COPY', lines('FROM scratch', `COPY --from=${own} /key.txt /`)],
      ['mount', lines(`FROM ${app.image}`, `RUN --mount=type=bind,from=${own},target=/m cat /m/key.txt`)],
      ['an ARG', lines(`ARG A=${own}`, 'FROM ${A}')],
      ['a default', `FROM \${A:-${own}}\n`],
      ['an argument', lines('ARG A=scratch', 'FROM $A'), { buildArgs: { A: own } }],
      ['lower case and continued lines', lines('from \\', '# about', `  ${own}`)],
      ['another escape character', lines('# escape=`', 'FROM scratch', 'COPY `', `--from=${own} /key.txt /`)],
      ['ONBUILD', lines('FROM scratch', `ONBUILD COPY --from=${own} /key.txt /`)],
      ['the base image', lines(`FROM ${tag('trap')}`)],
    ];
    for (const [title, text, more] of steals) {
      await expect(build(bob, 'stolen', text, more), title).rejects.toThrow(`There is no image "${own}"`);
    }
    expect(await build(alice, 'own', lines(`FROM ${own}`, `COPY --from=${own} /key.txt /again`))).toBe('ok');
    expect(await build(bob, 'plain', lines(`FROM ${app.image} AS a`, 'FROM a', 'COPY --from=0 /etc/passwd /x'))).toBe(
      'ok',
    );
  });

  test('of anything else: what cannot be told needs the right, and says so', async () => {
    const unclear: [string, string][] = [
      ['frontend', lines('# syntax=somebody/frontend', 'FROM scratch')],
      ['address', lines('FROM scratch', 'ADD http://169.254.169.254/latest/meta-data /m')],
      ['variable', lines('ARG X', 'FROM $X')],
      ['instruction', lines('FROM scratch', 'IMPORT x')],
      ['ARG twice', lines('ARG A=scratch', 'ARG A', `FROM \${A:-${tag('private')}}`)],
      ['form feed', lines('FROM scratch', 'LABEL a=b\\\f', `COPY --from=${tag('private')} /key.txt /`)],
      ['letter', lines('FROM scratch', `COPY --chown=0à--from=${tag('private')} /key.txt /`)],
    ];
    for (const [title, text] of unclear) {
      await expect(build(bob, 'odd', text), title).rejects.toThrow(/needs container\.unconfined/);
    }
    await expect(build(bob, 'absent', 'FROM nobody/knows:1\n')).rejects.toThrow(/Pull it first/);
    const packed = {
      tag: tag('odd'),
      context: { kind: 'archive' as const, base64: Buffer.from('no tar').toString('base64') },
    };
    await expect(bob.client().images.build.mutate(packed)).rejects.toThrow(/not one plain file/);
    const two = {
      kind: 'files' as const,
      files: [
        { path: 'Dockerfile', text: 'FROM scratch\n' },
        { path: './Dockerfile', text: `FROM ${tag('private')}\n` },
      ],
    };
    await expect(bob.client().images.build.mutate({ tag: tag('odd'), context: two })).rejects.toThrow(
      /not one plain file/,
    );
    await app
      .client()
      .users.update.mutate({ id: 'bob', patch: { grants: ['container.manage', 'container.unconfined'] } });
    expect(await build(bob, 'odd', unclear[1]?.[1] ?? '')).not.toMatch(/needs container/);
    await app.client().users.update.mutate({ id: 'bob', patch: { grants: ['container.manage'] } });
  });

  test('of stacks: the same, in their own files, inline and by other contexts', async () => {
    const own = tag('private');
    function stack(more: string) {
      return `services:\n  web:\n    build:\n      context: .\n${more}`;
    }
    function inline(text: string) {
      return `      dockerfile_inline: |\n${text.replace(/^(?=.)/gm, '        ')}`;
    }
    const contents = [
      stack(inline(lines('FROM scratch', `COPY --from=${own} /key.txt /`))),
      stack(`${inline(lines('ARG A=scratch', 'FROM $$A'))}      args:\n        A: ${own}\n`),
      stack(
        `${inline(lines('FROM scratch', 'COPY --from=other /key.txt /'))}      additional_contexts:\n        other: docker-image://${own}\n`,
      ),
    ];
    for (const [index, content] of contents.entries()) {
      const made = bob.client().stacks.create.mutate({ path: `${app.docker.prefix}-s${index}`, content });
      await expect(made, content).rejects.toThrow(`There is no image "${own}"`);
    }
    const absent = bob.client().stacks.create.mutate({ path: `${app.docker.prefix}-s9`, content: stack('') });
    await expect(absent).rejects.toThrow(/not one plain file/);
  });

  test('of registries: none that only this machine or its network reaches', async () => {
    const names = ['127.0.0.1:5000/x:1', 'localhost:5000/x', '10.0.0.1/x/y', '169.254.169.254/x', 'registry.invalid/x'];
    for (const image of names) {
      await expect(bob.client().images.pull.mutate({ image }), image).rejects.toThrow(/may not be asked/);
      const { status, body } = await bob.json('/api/containers/create', { body: { image } });
      expect([status, body.detail], image).toEqual([403, expect.stringContaining('may not be asked')]);
    }
    const content = 'services:\n  web:\n    image: localhost:5000/x\n';
    await expect(bob.client().stacks.create.mutate({ path: `${app.docker.prefix}-r`, content })).rejects.toThrow(
      /may not be asked/,
    );
    expect(await app.client().images.pull.mutate({ image: '127.0.0.1:1/x:1' })).toMatchObject({ kind: 'image.pull' });
  });

  test('a registry that the settings allow to everybody is known to be meant', async () => {
    await using other = await createEngineApp({ CONTAINER_IMAGES: 'localhost:1/team/*' });
    const carol = await addPerson(other, 'carol');
    await other.client().users.update.mutate({ id: 'carol', patch: { grants: ['container.manage'] } });
    expect(await carol.client().images.pull.mutate({ image: 'localhost:1/other:1' })).toMatchObject({
      kind: 'image.pull',
    });
    await expect(carol.client().images.pull.mutate({ image: 'localhost:2/team/x' })).rejects.toThrow(
      /may not be asked/,
    );
  });
});
