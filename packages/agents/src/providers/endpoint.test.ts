import { expect, test } from 'vitest';
import type { Protocol } from '../types.ts';
import { endpointOf } from './endpoint.ts';

test.each<[Protocol, string, string]>([
  ['openai', 'https://api.openai.com', 'https://api.openai.com/v1/chat'],
  ['openai', ' https://api.openai.com/v1/ ', 'https://api.openai.com/v1/chat'],
  ['openai', 'https://x.test/v1/chat/completions', 'https://x.test/v1/chat'],
  ['openai', 'https://x.test/chat/completions', 'https://x.test/v1/chat'],
  ['openai', 'https://open.bigmodel.cn/api/paas/v4', 'https://open.bigmodel.cn/api/paas/v4/chat'],
  [
    'openai',
    'https://generativelanguage.googleapis.com/v1beta/openai/',
    'https://generativelanguage.googleapis.com/v1beta/openai/chat',
  ],
  [
    'openai',
    'https://x.test/deployments/y?api-version=2024-10-21#z',
    'https://x.test/deployments/y/chat?api-version=2024-10-21',
  ],
  ['anthropic', 'https://api.anthropic.com', 'https://api.anthropic.com/v1/chat'],
  ['anthropic', 'https://api.anthropic.com/v1/messages', 'https://api.anthropic.com/v1/chat'],
  ['anthropic', 'https://api.deepseek.com/anthropic', 'https://api.deepseek.com/anthropic/v1/chat'],
  ['anthropic', 'https://x.test/proxy/v1', 'https://x.test/proxy/v1/chat'],
])('%s at %s', (protocol, base, expected) => {
  expect(endpointOf(protocol, base, '/chat')?.href).toBe(expected);
});

test('what is no URL has no endpoint', () => {
  for (const base of ['', 'api.openai.com', '/v1']) expect(endpointOf('openai', base, '/chat')).toBeNull();
});
