import OpenAI from 'openai';
import { startProvider, type ScriptedProvider } from '@switchboard/agents/testing';
import { createModel } from '@switchboard/core/models';
import { createTestApp, type TestApp, type TestEnv } from '../../support/app.ts';

/** A hub with a model of a scripted provider, and the official client with a key of the hub. */
export interface Door extends AsyncDisposable {
  app: TestApp;
  provider: ScriptedProvider;
  /** Of an admin's key; tries nothing again by itself. */
  openai: OpenAI;
  clientOf(key: string): OpenAI;
}

/** The name that the hub has for the model, and the provider's own. */
export const modelName = 'acme/chat-1';
export const providersName = 'chat-1-large';

export async function openDoor(env: TestEnv = {}): Promise<Door> {
  const provider = await startProvider();
  const app = await createTestApp({ ALLOW_PRIVATE_URLS: 'true', ...env });
  await createModel(app.core.ctxFor({ type: 'system', job: 'test' }), {
    name: modelName,
    model: providersName,
    baseUrl: provider.url,
    apiKey: 'sk-of-the-provider',
    visibility: 'everyone',
  });
  const { key } = await app.client().keys.create.mutate({ name: 'door' });
  function clientOf(apiKey: string) {
    return new OpenAI({ apiKey, baseURL: `${app.url}/v1`, maxRetries: 0 });
  }
  return {
    app,
    provider,
    openai: clientOf(key),
    clientOf,
    async [Symbol.asyncDispose]() {
      await app.stop();
      await provider[Symbol.asyncDispose]();
    },
  };
}
