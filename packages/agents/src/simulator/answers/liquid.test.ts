import { describe, expect, test } from 'vitest';
import { randomOf } from '../chance.ts';
import { loadFakes } from './fakes.ts';
import { createTemplates, TemplateError } from './liquid.ts';

const templates = createTemplates();
const run = { random: randomOf('a'), time: Date.UTC(2026, 4, 1), fakes: null };

function render(body: string, values: Record<string, unknown> = {}): string {
  return templates.compile(body).render(values, run);
}

describe('templates', () => {
  test('read what they are given', () => {
    expect(
      render('{{ arguments.ip }} {{ call.number | plus: 1 }}', { arguments: { ip: '1.1.1.1' }, call: { number: 2 } }),
    ).toBe('1.1.1.1 3');
  });

  test.each([
    '{{ arguments.constructor }}',
    '{{ arguments.constructor.constructor }}',
    '{{ arguments.__proto__ }}',
    '{{ arguments.toString }}',
    '{{ process }}{{ globalThis }}{{ this }}',
    '{{ arguments["constructor"]["prototype"] }}',
  ])('%s is empty', (body) => {
    expect(render(body, { arguments: { a: 1 } })).toBe('');
  });

  test.each([
    "{% include '/etc/passwd' %}",
    "{% render 'x' %}",
    "{% layout 'x' %}",
    '{% block a %}{% endblock %}',
    '{{ 1 | nofilter }}',
    '{% if',
  ])('%s is refused', (body) => {
    expect(() => templates.compile(body)).toThrow(TemplateError);
  });

  test.each([
    '{% for a in (1..100000000) %}x{% endfor %}',
    '{% for a in (1..2000) %}{% for b in (1..2000) %}{% for c in (1..2000) %}{% endfor %}{% endfor %}{% endfor %}',
    '{% for a in (1..2000) %}{% for b in (1..2000) %}{{ big }}{% endfor %}{% endfor %}',
    `{% assign x = big %}${'{% assign x = x | append: x %}'.repeat(20)}{{ x }}`,
    `{% assign x = big %}${'{% capture x %}{{ x }}{{ x }}{% endcapture %}'.repeat(40)}{{ x }}`,
    '{{ big }}{{ big }}{{ big }}',
    `{% assign x = big | pointer %}${'{% assign x = x | append: "\\" | pointer %}'.repeat(60)}{{ x }}`,
  ])('%s ends', (body) => {
    expect(() => render(body, { big: 'x'.repeat(100_000) })).toThrow(TemplateError);
  });

  test('what is nothing is null in JSON', () => {
    expect(render('{"a": {{ arguments.a | json }}, "b": {{ arguments.b | json }}}', { arguments: { a: 'x"' } })).toBe(
      '{"a": "x\\"", "b": null}',
    );
  });

  test('any text is one segment of a path', () => {
    const id = 'a/b~c "d"\n{{ e }} \\ 😀';
    const text = render('[{"path": "/x/{{ id | pointer }}/y"}]', { id });
    expect(JSON.parse(text)).toEqual([{ path: '/x/a~1b~0c "d"\n{{ e }} \\ 😀/y' }]);
    expect(render('{{ id | pointer }}{{ none | pointer }}', { id: ['a'] })).toBe('');
  });

  test('seeded values are the same for the same chance', async () => {
    const fakes = await loadFakes();
    const template = templates.compile(
      "{{ 'internet.ip' | fake }} {{ 'number.int' | fake: 5, 9 }} {{ 'date.recent' | fake }} {{ 'now' | date }} {{ list | sample }}",
    );
    expect(template.needsFakes).toBe(true);
    const [first, again, other] = ['a', 'a', 'b'].map((seed) =>
      template.render({ list: [1, 2, 3, 4] }, { random: randomOf(seed), time: 1_770_000_000_000, fakes }),
    );
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    const chinese = templates.compile("{{ 'person.fullName' | fake: 'zh' }}");
    expect(chinese.render({}, { random: randomOf('a'), time: 0, fakes })).toMatch(/^\p{Script=Han}+$/u);
    expect(first).toContain('2026-02-02T02:40:00Z');
  });

  test('a value that cannot be made up is told with those that can', () => {
    expect(() => render("{{ 'x' | fake }}")).toThrow('There are no made-up values here');
  });
});
