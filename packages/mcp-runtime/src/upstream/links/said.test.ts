import { expect, it } from 'vitest';
import { retryAfterOf, saidIn } from './said.ts';

it.each([
  ['text', 'KeyError: who\n', 'KeyError: who'],
  ['text of several lines', 'a\r\n\tb\u0000\u0007c', 'a b c'],
  ['JSON with one text', { message: 'the plan does not include this tool' }, 'the plan does not include this tool'],
  [
    'JSON with more',
    { error: 'Bad Request', detail: [{ msg: 'required' }] },
    '{"error":"Bad Request","detail":[{"msg":"required"}]}',
  ],
  ['a JSON list', ['a', 1], '["a",1]'],
  ['nothing', '', ''],
  ['null', null, ''],
  [
    'a page',
    '<!DOCTYPE html><html><head><title>502</title><style>p{a:b}</style><script>if (a<b) x("</p>")</script></head><!-- <p>no</p> --><body><h1>Bad&nbsp;Gateway</h1>\n<p>a &lt;b&gt; &amp;amp; c</p></body></html>',
    '502 Bad Gateway a <b> &amp; c',
  ],
  ['a page that is cut off', '<html><p>half<scr', 'half'],
  ['a page whose script never ends', '<p>before</p><script>var a = "<p>x</p>"', 'before'],
])('says %s as one line', (_, body, said) => {
  expect(saidIn(body)).toBe(said);
});

it('says the beginning of what is long, whole characters only', () => {
  const said = saidIn('😀'.repeat(100_000));
  expect(said.length).toBeLessThanOrEqual(501);
  expect(said).toMatch(/…$/);
  expect(said.isWellFormed()).toBe(true);
});

it.each([
  '<'.repeat(1_000_000),
  '<script>'.repeat(100_000),
  '<!--'.repeat(200_000),
  '<a '.repeat(300_000),
  '&amp;'.repeat(200_000),
  ' \u0000'.repeat(500_000),
])('takes a bounded time for any text: %#', (text) => {
  const begun = process.cpuUsage();
  for (let i = 0; i < 20; i += 1) saidIn(text);
  expect(process.cpuUsage(begun).user / 1000).toBeLessThan(10_000);
});

it('reads how long to wait', () => {
  const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');
  expect(retryAfterOf('7', now)).toBe(7);
  expect(retryAfterOf(' 0 ', now)).toBe(0);
  expect(retryAfterOf('Wed, 21 Oct 2026 07:28:30 GMT', now)).toBe(30);
  expect(retryAfterOf('Wed, 21 Oct 2015 07:28:30 GMT', now)).toBe(0);
  expect(retryAfterOf('999999999', now)).toBe(31 * 24 * 3600);
  expect(retryAfterOf('1.5', now)).toBe(2);
  for (const nothing of [undefined, '', 'soon', '-x', '-5', '1,5', '120s', ['7']])
    expect(retryAfterOf(nothing, now)).toBeNull();
});
