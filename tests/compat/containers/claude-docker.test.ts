import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type ScriptedProvider, startProvider } from '@switchboard/agents/testing';
import { suiteTitle } from '@switchboard/docker/testing';
import { openSickEngine } from '@switchboard/docker/testing-sick';
import type { Json, TestApp } from '../../support/app.ts';
import { addClaude, documentedQuestion } from '../../support/claude.ts';
import { createEngineApp, type EngineApp, engineFound, noEngine } from '../../support/engine.ts';
import { addPerson } from '../../support/people.ts';
import { createCompatApp } from '../compat-app.ts';
import { verifies } from '../verifies.ts';

let provider: ScriptedProvider;
beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider[Symbol.asyncDispose]());

function sent(): Json {
  return provider.requests.at(-1)?.body;
}

describe.skipIf(noEngine)(suiteTitle('the state of Docker', engineFound), () => {
  let engine: EngineApp;
  beforeAll(async () => {
    engine = await createEngineApp();
  });
  afterAll(() => engine.stop());

  verifies(15, 'goes along, as far as the caller sees it, unless the caller says no', async () => {
    await addClaude(engine, provider.url);
    const keeper = await addPerson(engine, 'keeps', { grants: ['container.manage'] });
    const plain = await addPerson(engine, 'has-no-grant');
    const { image } = engine;
    const name = `${engine.docker.prefix}-mine`;
    await keeper.json('/api/containers/create', { body: { image, name, pull: 'never' } });
    const foreign = `${engine.docker.prefix}-foreign`;
    await engine.json('/api/containers/create', { body: { image, name: foreign, pull: 'never' } });
    async function told(caller: { json: TestApp['json'] }, more: Json = {}) {
      const { status } = await caller.json('/api/claude/chat', { body: { ...documentedQuestion, ...more } });
      expect(status).toBe(200);
      return JSON.stringify([sent().system, sent().messages]);
    }
    const own = await told(keeper);
    expect([own.includes(name), own.includes(foreign), own.includes('Docker')]).toEqual([true, false, true]);
    expect(own).toContain('created');
    expect(await told(engine)).toContain(foreign);
    expect(await told(plain)).not.toContain(engine.docker.prefix);
    const without = await told(keeper, { docker_context: false });
    const content = [{ type: 'text', text: documentedQuestion.prompt }];
    expect(without).toBe(JSON.stringify([undefined, [{ role: 'user', content }]]));
  });

  verifies(15, 'is left out where the engine does not answer in time', async () => {
    using sick = await openSickEngine();
    await using hub = await createCompatApp({ DOCKER_HOST: sick.host });
    await addClaude(hub, provider.url);
    // It takes every request and says nothing.
    sick.ails(() => true);
    const begun = performance.now();
    const { status } = await hub.json('/api/claude/chat', { body: documentedQuestion });
    // A list alone would wait for 15 seconds.
    expect([status, performance.now() - begun < 10_000]).toEqual([200, true]);
    expect(JSON.stringify(sent().messages)).not.toContain('containers');
  });
});
