import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apartName, placeOf, projectNameOf, withName } from './compose-project.ts';

const content = 'services:\n  web:\n    image: nginx\n';

describe('the project of a stack', () => {
  it('is its name, else its path, else a hash of what it says', () => {
    expect(projectNameOf(`name: shop\n${content}`, 'team/web')).toBe('shop');
    expect(projectNameOf(content, 'Team/Web App')).toBe('team-web-app');
    expect(projectNameOf(content, 'team/web/docker-compose.yml')).toBe('team-web');
    expect(projectNameOf(content, null)).toMatch(/^mcp-[0-9a-f]{10}$/);
    expect(projectNameOf(content, '新')).toMatch(/^mcp-[0-9a-f]{10}$/);
  });

  it('does not change with spaces, order and comments, but with what is said', () => {
    const same = '# a comment\nservices: { web: { image: "nginx" } }';
    expect(projectNameOf(same, null)).toBe(projectNameOf(content, null));
    expect(projectNameOf(content.replace('nginx', 'nginx:2'), null)).not.toBe(projectNameOf(content, null));
  });

  it('stays what it is when the content changes, also for a path without Latin letters', () => {
    for (const path of ['团队/网站', '新', '+/~', 'team/web']) {
      expect(projectNameOf(content.replace('nginx', 'nginx:2'), path)).toBe(projectNameOf(content, path));
    }
    expect(projectNameOf(content, '团队')).not.toBe(projectNameOf(content, '网站'));
  });

  it('is what the environment file says, where it says so', () => {
    expect(projectNameOf(`name: shop\n${content}`, 'team/web', 'A=1\nCOMPOSE_PROJECT_NAME=mine\r\n')).toBe('mine');
    expect(projectNameOf(content, 'team/web', 'COMPOSE_PROJECT_NAME=$OTHER\n')).toBe('team-web');
  });

  it('can be told apart from another of the same name', () => {
    expect(apartName('team-web', 'team/web')).toBe(apartName('team-web', 'team/web'));
    expect(apartName('team-web', 'team/web')).not.toBe(apartName('team-web', 'team-web'));
    expect(apartName('x'.repeat(63), 'a')).toHaveLength(63);
  });

  it.each(['Shop', '${NAME}', '-a', 'a b', '42'])('refuses the name %j', (name) => {
    expect(() => projectNameOf(`name: ${name === '42' ? 42 : `"${name}"`}\n${content}`, null)).toThrow(
      expect.objectContaining({ field: 'name' }),
    );
  });
});

describe('the name that a content gets on disk', () => {
  function named(text: string, env: string | null = null) {
    return withName(text, env, '/stacks/team/web', 'team-web');
  }

  it('stands at its end where Compose would call the project otherwise', () => {
    expect(named(content)).toBe(`${content}name: team-web\n`);
    expect(named(content.trimEnd())).toBe(`${content}name: team-web\n`);
    expect(named(`---\n${content}---\nservices:\n  web:\n    user: "1"\n`)).toMatch(/user: "1"\nname: team-web\n$/);
    expect(named(`${content}    command: |+\n      a\n\n`)).toMatch(/a\n\nname: team-web\n$/);
  });

  it('stands at the beginning of a map in braces', () => {
    expect(named('{services: {web: {image: x}}}')).toBe('{"name": "team-web", services: {web: {image: x}}}');
    const json = JSON.stringify({ services: { web: { image: 'x' } } }, null, 2);
    expect(JSON.parse(named(json))).toEqual({ name: 'team-web', services: { web: { image: 'x' } } });
  });

  it('is left out where it changes nothing, or would change something else', () => {
    expect(withName(content, null, '/stacks/web', 'web')).toBe(content);
    expect(withName(content, null, '/stacks/Web.1', 'web1')).toBe(content);
    for (const text of [`name: other\n${content}`, '{name: a, services: {}}', `${content}...\n`, 'services: [']) {
      expect(named(text)).toBe(text);
    }
    expect(named(content, 'COMPOSE_PROJECT_NAME=team-web\n')).toBe(content);
  });
});

describe('the place of a stack', () => {
  it.each([
    ['web', 'web', 'compose.yaml'],
    ['team/web/', 'team/web', 'compose.yaml'],
    ['./team//web', 'team/web', 'compose.yaml'],
    ['team/web/docker-compose.yml', 'team/web', 'docker-compose.yml'],
    ['shop.yaml', 'shop', 'shop.yaml'],
    ['team\\web', 'team/web', 'compose.yaml'],
  ])('of %j is %s', (path, folder, file) => {
    expect(placeOf(path)).toEqual({ folder, file });
  });

  it.each(['/etc', '../x', 'a/../../b', 'a/..', '', '.', '..', 'C:\\x', 'a\0b', '.git', 'a/.ssh', '\\\\host\\x', './'])(
    'refuses %j',
    (path) => {
      expect(() => placeOf(path)).toThrow(expect.objectContaining({ code: 'invalid', field: 'path' }));
    },
  );

  it('never leads out, whatever is given', () => {
    const parts = fc.array(fc.constantFrom('..', '.', 'a', 'b.yml', '', '/', '\\', '...', '新'), { maxLength: 6 });
    fc.assert(
      fc.property(parts, fc.constantFrom('/', '\\'), (list, separator) => {
        try {
          const { folder, file } = placeOf(list.join(separator));
          expect(folder).not.toMatch(/^\/|(^|\/)\.\.(\/|$)/);
          expect(folder).not.toBe('');
          expect(file).not.toContain('/');
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid' });
        }
      }),
    );
  });
});
