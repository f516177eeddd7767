import { expect, it } from 'vitest';
import { reasonIn } from './compose-run.ts';

it('finds the reason among progress, whatever the things are called', () => {
  const said = [
    'time="2026-01-01T00:00:00Z" level=warning msg="the attribute `version` is obsolete"',
    ' Network error-fail_default  Creating',
    ' Container error-fail-web-1  Error',
    ' web Error Get "http://127.0.0.1:1/v2/": connection refused',
    'Error response from daemon: Get "http://127.0.0.1:1/v2/": connection refused',
    'Error response from daemon: Get "http://127.0.0.1:1/v2/": connection refused',
    '',
  ];
  expect(reasonIn(said.join('\n'))).toBe(
    'Error response from daemon: Get "http://127.0.0.1:1/v2/": connection refused',
  );
});

it('tells progress where there is nothing else, and keeps lines that only look alike', () => {
  expect(reasonIn(' Container a  Error\n')).toBe('Container a  Error');
  expect(reasonIn('Container a is unhealthy\n  level=info of b\n')).toBe('Container a is unhealthy\n  level=info of b');
});
