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

/** What was made of the test's image by way of the hub carries no label of the test. */
async function removeMade({ engine, image }: TestEngine): Promise<void> {
  const { id } = await engine.images.get(image);
  for (const container of await engine.containers.list()) {
    if (container.imageId === id) await engine.containers.remove(container.id, { force: true, volumes: true });
  }
}

export async function createEngineApp(env: TestEnv = {}): Promise<EngineApp> {
  const host = 'host' in engineFound ? engineFound.host : '';
  const docker = await openTestEngine(host);
  const app = await createCompatApp({ ...(host !== '' && { DOCKER_HOST: host }), ...env });
  const stop = async () => {
    await removeMade(docker);
    await app.stop();
    await docker[Symbol.asyncDispose]();
  };
  return { ...app, docker, image: docker.image, stop, [Symbol.asyncDispose]: stop };
}
