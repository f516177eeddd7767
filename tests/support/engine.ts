import { findTestEngine, openTestEngine, type TestEngine } from '@switchboard/docker/testing';
import { createCompatApp, type CompatApp } from '../compat/compat-app.ts';
import type { TestEnv } from './app.ts';

/** Where the engine for tests is, or why there is none. */
export const engineFound = await findTestEngine();
export const noEngine = 'missing' in engineFound;

/** A hub that works on the machine's own engine, with an image of the test's own there. */
export interface EngineApp extends CompatApp {
  docker: TestEngine;
  image: string;
}

/** What was made by way of the hub carries no label of the test: its image or its name tells. */
async function removeMade({ engine, image, prefix }: TestEngine): Promise<void> {
  const { id } = await engine.images.get(image);
  function isOurs(text: string) {
    return text.startsWith(prefix);
  }
  for (const container of await engine.containers.list()) {
    const ours = container.imageId === id || isOurs(container.name) || isOurs(container.image);
    if (ours) await engine.containers.remove(container.id, { force: true, volumes: true });
  }
  for (const { id: network, name } of await engine.networks.list()) {
    if (isOurs(name)) await engine.networks.remove(network);
  }
  for (const { name } of await engine.volumes.list()) if (isOurs(name)) await engine.volumes.remove(name);
  for (const { tags } of await engine.images.list()) {
    for (const tag of tags.filter(isOurs)) await engine.images.remove(tag, { force: true });
  }
}

export async function createEngineApp(env: TestEnv = {}): Promise<EngineApp> {
  const host = 'host' in engineFound ? engineFound.host : '';
  const docker = await openTestEngine(host);
  const app = await createCompatApp({ ...(host !== '' && { DOCKER_HOST: host }), ...env });
  async function stop() {
    await removeMade(docker);
    await app.stop();
    await docker[Symbol.asyncDispose]();
  }
  return { ...app, docker, image: docker.image, stop, [Symbol.asyncDispose]: stop };
}
