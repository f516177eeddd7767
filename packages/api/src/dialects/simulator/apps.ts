import { z } from 'zod';
import { createApp, getApp, listApps, listWholeApps, removeApp, updateApp } from '@switchboard/core/apps';
import { jsonAnswer } from '../kit/file.ts';
import type { RouteAnswers } from '../kit/problem.ts';
import { route } from './dialect.ts';
import { apps as examples } from './examples.ts';
import { appsText, fromApp, toApp } from './map.ts';
import { App, AppBody, AppChanges, Apps, ByApp, Message } from './wire.ts';

const taken: RouteAnswers = { conflict: { status: 400 } };

export const list = route({
  method: 'GET',
  path: '/admin/api/apps',
  summary: 'List the apps',
  description: 'Those that the caller sees, by category and name.',
  verbs: [listWholeApps],
  errors: [401, 403],
  example: { response: { apps: [examples.app] } },
})
  .input(z.object({}))
  .output(Apps)
  .query(async ({ ctx }) => jsonAnswer(appsText(await listWholeApps(ctx.core, {}))));

export const get = route({
  method: 'GET',
  path: '/admin/api/apps/{app_id}',
  summary: 'Show an app',
  beyond: true,
  verbs: [getApp],
  errors: [401, 403, 404],
  example: { response: { app: examples.app } },
})
  .input(ByApp)
  .output(z.object({ app: App }))
  .query(async ({ ctx, input }) => ({ app: toApp(await getApp(ctx.core, { id: input.app_id })) }));

export const status = route({
  method: 'GET',
  path: '/admin/api/mcp-status',
  summary: 'Tell what answers',
  description: 'Counts the apps that the caller sees, and their actions.',
  beyond: true,
  verbs: [listApps],
  errors: [401, 403],
  example: { response: { status: 'running', apps_count: 23, enabled_count: 22, actions_count: 140 } },
})
  .input(z.object({}))
  .output(
    z.object({
      status: z.string(),
      apps_count: z.int().meta({ description: 'How many apps there are' }),
      enabled_count: z.int().meta({ description: 'How many of them answer' }),
      actions_count: z.int().meta({ description: 'How many actions those have' }),
    }),
  )
  .query(async ({ ctx }) => {
    const apps = await listApps(ctx.core, {});
    const on = apps.filter(({ enabled }) => enabled);
    return {
      status: 'running',
      apps_count: apps.length,
      enabled_count: on.length,
      actions_count: on.reduce((sum, { actions }) => sum + actions.length, 0),
    };
  });

export const create = route({
  method: 'POST',
  path: '/admin/api/apps',
  summary: 'Create an app',
  description: 'Nobody but its owner and admins sees it, and no token may call it, until they are given it.',
  verbs: [createApp],
  alsoNeeds: { 'server.publish': 'to show it to everyone' },
  errors: [400, 401, 403, 429],
  answers: taken,
  example: { body: examples.body, response: { message: '应用创建成功', app: examples.app } },
})
  .input(AppBody)
  .output(z.object({ message: z.string(), app: App }))
  .mutation(async ({ ctx, input }) => {
    const { category, name, display_name: displayName } = input;
    const app = await createApp(ctx.core, { ...fromApp(input), category, name, displayName });
    return { message: '应用创建成功', app: toApp(app) };
  });

export const update = route({
  method: 'PUT',
  path: '/admin/api/apps/{app_id}',
  summary: 'Change an app',
  description: 'Fields that are not given keep their values.',
  verbs: [updateApp],
  alsoNeeds: { 'server.publish': 'to show it to everyone' },
  errors: [400, 401, 403, 404],
  answers: taken,
  example: { body: examples.body, response: { message: '应用更新成功' } },
})
  .input(ByApp.extend(AppChanges.shape))
  .output(Message)
  .mutation(async ({ ctx, input: { app_id: id, ...body } }) => {
    await updateApp(ctx.core, { id, patch: fromApp(body) });
    return { message: '应用更新成功' };
  });

export const patch = route({
  method: 'PATCH',
  path: '/admin/api/apps/{app_id}',
  summary: 'Change parts of an app',
  beyond: true,
  verbs: [updateApp],
  alsoNeeds: { 'server.publish': 'to show it to everyone' },
  errors: [400, 401, 403, 404],
  answers: taken,
  example: { body: { enabled: false }, response: { message: '应用更新成功', app: examples.app } },
})
  .input(ByApp.extend(AppChanges.shape))
  .output(z.object({ message: z.string(), app: App }))
  .mutation(async ({ ctx, input: { app_id: id, ...body } }) => ({
    message: '应用更新成功',
    app: toApp(await updateApp(ctx.core, { id, patch: fromApp(body) })),
  }));

export const remove = route({
  method: 'DELETE',
  path: '/admin/api/apps/{app_id}',
  summary: 'Remove an app',
  description: 'With the grants of tokens for it, and the server that shows it in the hub.',
  verbs: [removeApp],
  errors: [401, 403, 404],
  example: { response: { message: '应用删除成功' } },
})
  .input(ByApp)
  .output(Message)
  .mutation(async ({ ctx, input }) => {
    await removeApp(ctx.core, { id: input.app_id });
    return { message: '应用删除成功' };
  });
