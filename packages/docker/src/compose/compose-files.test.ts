import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkStackSources, realPath } from './compose-files.ts';

let root = '';
function stack() {
  return join(root, 'stack');
}
async function put(path: string, text: string) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}
async function check(content: string, env: string | null = null) {
  await put('stack/compose.yaml', content);
  return await checkStackSources(stack(), 'compose.yaml', env);
}
function web(setting: string) {
  return `services:\n  web:\n    image: x\n    ${setting}\n`;
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'stacks-'));
  await put('outside.yaml', web('privileged: true'));
  await put('outside.env', 'SECRET=1');
  await put('stack/inside.env', 'A=1');
  await put('stack/sub/more.yaml', web('env_file: ../inside.env'));
  await put('stack/sub/climbs.yaml', web('env_file: ../../outside.env'));
  await put('stack/loop.yaml', 'include: [compose.yaml, loop.yaml]\n');
  await symlink('../outside.env', join(stack(), 'link.env'));
  await symlink('..', join(stack(), 'up'));
  await symlink('/no/such/file', join(stack(), 'dangling.env'));
});
afterAll(() => rm(root, { recursive: true }));

describe('what Compose would read', () => {
  it.each([
    ['an environment file outside', web('env_file: ../outside.env'), 'services.web.env_file'],
    ['one of a list', web('env_file: [inside.env, ../outside.env]'), 'services.web.env_file'],
    ['the long form', web('env_file: [{ path: ../outside.env, required: false }]'), 'services.web.env_file'],
    ['an absolute path', web('env_file: /proc/self/environ'), 'services.web.env_file'],
    ['a home folder', web('env_file: ~/.docker/config.json'), 'services.web.env_file'],
    ['a link', web('env_file: link.env'), 'services.web.env_file'],
    ['a link that leads nowhere yet', web('env_file: dangling.env'), 'services.web.env_file'],
    ['a path through a link', web('env_file: up/outside.env'), 'services.web.env_file'],
    ['a path that is computed', web('env_file: ${WHERE}'), 'services.web.env_file'],
    ['a label file', web('label_file: ../outside.env'), 'services.web.label_file'],
    ['an extended file', web('extends: { file: ../outside.yaml, service: web }'), 'services.web.extends.file'],
    ['an included file', 'include: [../outside.yaml]', 'include[0]'],
    ['a long include', 'include: [{ path: [sub/more.yaml, ../outside.yaml] }]', 'include[0].path'],
    ['an include’s environment', 'include: [{ path: sub/more.yaml, env_file: ../outside.env }]', 'include[0].env_file'],
    [
      'an include’s folder',
      'include: [{ path: sub/more.yaml, project_directory: .. }]',
      'include[0].project_directory',
    ],
    ['an include of an include', 'include: [sub/climbs.yaml]', 'include[0] → services.web.env_file'],
    [
      'an extended file’s files',
      web('extends: { file: sub/climbs.yaml, service: web }'),
      'services.web.extends.file → services.web.env_file',
    ],
    ['a repository', 'include: ["https://example.com/x.git"]', 'include[0]'],
    ['a repository by ssh', 'include: ["git@example.com:x.git"]', 'include[0]'],
    ['an artifact', 'include: ["oci://example.com/x"]', 'include[0]'],
    ['a second document', `${web('tty: true')}---\n${web('env_file: ../outside.env')}`, 'services.web.env_file'],
    [
      'a merged map',
      `x-a: &a { env_file: ../outside.env }\nservices:\n  web:\n    <<: *a\n    image: x\n`,
      'services.web.env_file',
    ],
    ['an escaped key', `services:\n  web:\n    "env\\u005ffile": ../outside.env\n`, 'services.web.env_file'],
  ])('is refused: %s', async (_title, content, where) => {
    expect(await check(content)).toMatchObject([{ rule: 'outside-folder', where }]);
  });

  it('is refused: a linked environment file of the stack', async () => {
    expect(await check(web('tty: true'), 'link.env')).toMatchObject([{ where: 'link.env' }]);
  });

  it('is refused: what Compose alone would decode', async () => {
    function hidden(text: string) {
      return `!!binary ${Buffer.from(text).toString('base64')}`;
    }
    for (const setting of [
      `env_file: ${hidden('../outside.env')}`,
      `env_file: [{ path: ${hidden('../outside.env')} }]`,
      `${hidden('env_file')}: ../outside.env`,
    ]) {
      await expect(check(web(setting))).rejects.toThrow('!!binary');
    }
  });

  it('is refused: a repository without a scheme', async () => {
    const found = await check(`include: [github.com/team/stack]\n${web('tty: true')}`);
    expect(found[0]).toMatchObject({ rule: 'outside-folder', where: 'include[0]' });
  });

  it('is refused: a linked environment file beside an included file', async () => {
    await symlink('../../outside.env', join(stack(), 'sub/.env'));
    const found = await check(`include: [sub/more.yaml]\n${web('tty: true')}`);
    await rm(join(stack(), 'sub/.env'));
    expect(found).toMatchObject([{ rule: 'outside-folder', where: 'include[0]' }]);
  });

  it('is refused: a linked Compose file', async () => {
    await symlink('../outside.yaml', join(stack(), 'linked.yaml'));
    expect(await checkStackSources(stack(), 'linked.yaml', null)).toMatchObject([{ where: 'linked.yaml' }]);
  });

  it.each([
    ['a pipe that nobody writes to', () => execFileSync('mkfifo', [join(stack(), 'odd.yaml')])],
    ['a very large file', () => put('stack/odd.yaml', '#'.repeat(5 * 1024 * 1024))],
    ['a folder', () => mkdir(join(stack(), 'odd.yaml'))],
  ])('is not read: %s', async (_what, make) => {
    await make();
    await expect(check(`include: [odd.yaml]\n${web('tty: true')}`)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('odd.yaml'),
    });
    await rm(join(stack(), 'odd.yaml'), { recursive: true });
  });

  it('may lie in the folder, also below it and in a circle', async () => {
    expect(await check(`include: [sub/more.yaml, loop.yaml]\n${web('env_file: [./inside.env, missing.env]')}`)).toEqual(
      [],
    );
  });
});

it('resolves a path as far as it exists', () => {
  expect(realPath(join(stack(), 'up/new/file'))).toBe(join(realPath(root), 'new/file'));
  expect(realPath('/no/such/place')).toBe('/no/such/place');
});
