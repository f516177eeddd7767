import { z } from 'zod';
import {
  createContainer,
  getContainer,
  killContainer,
  listContainerDetails,
  pauseContainer,
  removeContainer,
  restartContainer,
  startContainer,
  stopContainer,
  unpauseContainer,
} from '@switchboard/core/containers';
import { route } from './dialect.ts';
import { containers } from './examples.ts';
import { fromWireCreate, toWireContainer } from './map.ts';
import { ByContainer, CreateContainerBody, RemoveQuery, WireContainer } from './wire.ts';

export const list = route({
  method: 'GET',
  path: '/api/containers/',
  summary: 'List containers, stopped ones too',
  verbs: [listContainerDetails],
  errors: [401, 403, 500],
  example: { response: containers.list },
})
  .input(z.object({}))
  .output(z.array(WireContainer))
  .query(async ({ ctx }) => (await listContainerDetails(ctx.core, {})).map(toWireContainer));

export const get = route({
  method: 'GET',
  path: '/api/containers/{container_id}',
  summary: 'Show a container by its id, the beginning of its id, or its name',
  verbs: [getContainer],
  errors: [401, 403, 404, 500],
  example: { response: containers.running },
})
  .input(ByContainer)
  .output(WireContainer)
  .query(async ({ ctx, input }) => toWireContainer(await getContainer(ctx.core, { id: input.container_id })));

export const create = route({
  method: 'POST',
  path: '/api/containers/create',
  status: 201,
  summary: 'Create a container',
  description: 'Its image is pulled where it is missing. It is not started unless `start` says so.',
  verbs: [createContainer],
  alsoNeeds: {
    'image.read': 'for an image that is there',
    'container.unconfined': 'for settings that reach the host',
  },
  errors: [401, 403, 404, 409, 422, 500],
  example: {
    response: containers.created,
    body: { image: 'nginx:latest', name: 'mcp-nginx-example', ports: { '80/tcp': '8080' } },
  },
})
  .input(CreateContainerBody)
  .output(WireContainer)
  .mutation(async ({ ctx, input }) => toWireContainer(await createContainer(ctx.core, fromWireCreate(input))));

export const start = route({
  method: 'POST',
  path: '/api/containers/{container_id}/start',
  summary: 'Start a container; one that runs already stays as it is',
  description: '409 where it cannot start as it is: its program is not in the image, or a port is taken.',
  verbs: [startContainer],
  errors: [401, 403, 404, 409, 500],
  example: { response: containers.running },
})
  .input(ByContainer)
  .output(WireContainer)
  .mutation(async ({ ctx, input }) => toWireContainer(await startContainer(ctx.core, { id: input.container_id })));

export const stop = route({
  method: 'POST',
  path: '/api/containers/{container_id}/stop',
  summary: 'Stop a container; after ten seconds it is killed',
  verbs: [stopContainer],
  errors: [401, 403, 404, 409, 500],
  example: { response: containers.exited },
})
  .input(ByContainer)
  .output(WireContainer)
  .mutation(async ({ ctx, input }) => toWireContainer(await stopContainer(ctx.core, { id: input.container_id })));

export const remove = route({
  method: 'DELETE',
  path: '/api/containers/{container_id}',
  status: 204,
  summary: 'Remove a container',
  description: 'One that runs only with `force`. Its volumes stay.',
  verbs: [removeContainer],
  errors: [401, 403, 404, 409, 422, 500],
})
  .input(RemoveQuery)
  .output(z.void())
  .mutation(async ({ ctx, input: { container_id: id, force } }) => removeContainer(ctx.core, { id, force }));

export const restart = route({
  method: 'POST',
  path: '/api/containers/{container_id}/restart',
  beyond: true,
  summary: 'Restart a container',
  verbs: [restartContainer],
  errors: [401, 403, 404, 409, 500],
  example: { response: containers.running },
})
  .input(ByContainer)
  .output(WireContainer)
  .mutation(async ({ ctx, input }) => toWireContainer(await restartContainer(ctx.core, { id: input.container_id })));

export const pause = route({
  method: 'POST',
  path: '/api/containers/{container_id}/pause',
  beyond: true,
  summary: 'Pause a container',
  verbs: [pauseContainer],
  errors: [401, 403, 404, 409, 500],
  example: { response: containers.paused },
})
  .input(ByContainer)
  .output(WireContainer)
  .mutation(async ({ ctx, input }) => toWireContainer(await pauseContainer(ctx.core, { id: input.container_id })));

export const unpause = route({
  method: 'POST',
  path: '/api/containers/{container_id}/unpause',
  beyond: true,
  summary: 'Let a paused container go on',
  verbs: [unpauseContainer],
  errors: [401, 403, 404, 409, 500],
  example: { response: containers.running },
})
  .input(ByContainer)
  .output(WireContainer)
  .mutation(async ({ ctx, input }) => toWireContainer(await unpauseContainer(ctx.core, { id: input.container_id })));

export const kill = route({
  method: 'POST',
  path: '/api/containers/{container_id}/kill',
  beyond: true,
  summary: 'Kill a container',
  verbs: [killContainer],
  errors: [401, 403, 404, 409, 500],
  example: { response: containers.exited },
})
  .input(ByContainer)
  .output(WireContainer)
  .mutation(async ({ ctx, input }) => toWireContainer(await killContainer(ctx.core, { id: input.container_id })));
