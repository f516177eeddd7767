import type { modelProtocols } from '@switchboard/db/words';

export type ModelProtocol = (typeof modelProtocols)[number];

/** Which format is spoken at a base URL: Anthropic's own, and what others offer in it below a path of that name. */
export function protocolOf(baseUrl: string): ModelProtocol {
  const url = URL.parse(baseUrl);
  if (url === null) return 'openai';
  const isAnthropic = url.hostname === 'anthropic.com' || url.hostname.endsWith('.anthropic.com');
  const saysSo = url.pathname.toLowerCase().split('/').includes('anthropic');
  return isAnthropic || saysSo ? 'anthropic' : 'openai';
}
