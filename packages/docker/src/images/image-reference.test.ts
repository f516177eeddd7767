import { describe, expect, it } from 'vitest';
import { formatImageReference, parseImageReference } from './image-reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('image names', () => {
  it.each([
    ['nginx', null, 'nginx:latest'],
    ['nginx:1.29-alpine', null, 'nginx:1.29-alpine'],
    ['team/app_x', null, 'team/app_x:latest'],
    ['localhost/app', 'localhost', 'localhost/app:latest'],
    ['127.0.0.1:5000/team/app:1', '127.0.0.1:5000', '127.0.0.1:5000/team/app:1'],
    ['registry.example.com/app', 'registry.example.com', 'registry.example.com/app:latest'],
    [`nginx@${digest}`, null, `nginx@${digest}`],
    [`r.example/a:1@${digest}`, 'r.example', `r.example/a@${digest}`],
  ])('reads %j', (text, registry, written) => {
    const reference = parseImageReference(text);
    expect(reference.registry).toBe(registry);
    expect(formatImageReference(reference)).toBe(written);
  });

  it.each(['', 'Nginx', 'a b', '../etc', 'a//b', 'a:', 'a:b c', '-x', 'nginx@sha256:12', 'a/../b', 'x?y=z'])(
    'refuses %j',
    (text) => {
      expect(() => parseImageReference(text)).toThrow(expect.objectContaining({ code: 'invalid' }));
    },
  );
});
