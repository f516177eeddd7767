import { expect } from 'vitest';
import { startProvider, type ScriptedProvider } from '@switchboard/agents/testing';
import { createModel } from '@switchboard/core/models';
import type { Json } from '../../support/app.ts';
import { upstreamPrograms } from '../../support/mcp/upstreams.ts';
import { createCompatApp, type CompatApp } from '../compat-app.ts';

/** A hub with a scripted model and two servers of the same tools. */
export interface Talk extends AsyncDisposable {
  app: CompatApp;
  provider: ScriptedProvider;
  /** Says something and gives the whole answer. */
  say(more?: Json): Promise<{ status: number; body: Json }>;
  /** Waits until a conversation has a title: the provider is asked for it after the first round. */
  titled(id: string): Promise<void>;
  /** Says something and gives the data of every event, in order. */
  stream(more?: Json): Promise<Json[]>;
}

export const model = 'gpt-4';

export async function openTalk(): Promise<Talk> {
  const provider = await startProvider();
  const app = await createCompatApp({ ALLOW_PRIVATE_URLS: 'true' });
  await createModel(app.core.ctxFor({ type: 'system', job: 'test' }), {
    name: model,
    baseUrl: provider.url,
    apiKey: 'sk-of-the-provider',
    visibility: 'everyone',
  });
  for (const name of ['alpha', 'beta']) {
    const { config } = await upstreamPrograms['v1-stdio'](name);
    await app.client().servers.create.mutate({ id: name, name, ...config });
  }
  function bodyOf(more: Json): Json {
    return { user_prompt: '你好', model_name: model, ...more };
  }
  return {
    app,
    provider,
    say: (more = {}) => app.json('/chat/completions', { body: { ...bodyOf(more), stream: false } }),
    titled: (id) =>
      expect
        .poll(async () => (await app.json(`/chat/conversations/${id}`)).body.title, { timeout: 60_000 })
        .not.toBe('新对话'),
    async stream(more = {}) {
      const response = await app.fetch('/chat/completions', { body: bodyOf(more) });
      if (!response.headers.get('content-type')?.startsWith('text/event-stream'))
        throw new Error(await response.text());
      const events = (await response.text()).split('\n\n').filter((event) => event.startsWith('data: '));
      return events.map((event) => {
        const data = event.slice('data: '.length);
        return data === '[DONE]' ? data : JSON.parse(data);
      });
    },
    async [Symbol.asyncDispose]() {
      await app.stop();
      await provider[Symbol.asyncDispose]();
    },
  };
}
