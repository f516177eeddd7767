import { z } from 'zod';
import {
  createAppToken,
  getAppToken,
  listWholeApps,
  listAppTokens,
  removeAppToken,
  setTokenApps,
  updateAppToken,
} from '@switchboard/core/apps';
import { jsonAnswer } from '../kit/file.ts';
import { route } from './dialect.ts';
import { tokens as examples } from './examples.ts';
import { appsText, toNewToken, toToken } from './map.ts';
import { Apps, ByToken, Message, NewToken, Token, TokenApps, TokenBody, TokenChanges } from './wire.ts';

export const list = route({
  method: 'GET',
  path: '/admin/api/tokens',
  summary: 'List the tokens',
  description:
    'The caller’s; admins see all. Of a token its first characters are shown: the whole of it is told when it is made.',
  verbs: [listAppTokens],
  errors: [401, 403],
  example: { response: { tokens: [examples.demo] } },
})
  .input(z.object({}))
  .output(z.object({ tokens: z.array(Token) }))
  .query(async ({ ctx }) => ({ tokens: (await listAppTokens(ctx.core, {})).map(toToken) }));

export const create = route({
  method: 'POST',
  path: '/admin/api/tokens',
  summary: 'Create a token',
  description: 'It may call no app until it is given some.',
  verbs: [createAppToken],
  errors: [400, 401, 403, 429],
  example: { body: { description: '新Token' }, response: { message: 'Token创建成功', token: examples.made } },
})
  .input(TokenBody)
  .output(z.object({ message: z.string(), token: NewToken }))
  .mutation(async ({ ctx, input: { description, name } }) => ({
    message: 'Token创建成功',
    token: toNewToken(await createAppToken(ctx.core, { description: description ?? name ?? '' })),
  }));

export const update = route({
  method: 'PATCH',
  path: '/admin/api/tokens/{token_id}',
  summary: 'Change a token',
  description: 'Renames it, or switches it off and on.',
  beyond: true,
  verbs: [updateAppToken],
  errors: [400, 401, 403, 404],
  example: { body: { enabled: false }, response: { message: 'Token更新成功' } },
})
  .input(ByToken.extend(TokenChanges.shape))
  .output(Message)
  .mutation(async ({ ctx, input: { token_id: id, description, name, enabled } }) => {
    const text = description ?? name;
    const patch = { ...(text !== undefined && { description: text }), ...(enabled !== undefined && { enabled }) };
    await updateAppToken(ctx.core, { id, patch });
    return { message: 'Token更新成功' };
  });

export const apps = route({
  method: 'GET',
  path: '/admin/api/tokens/{token_id}/apps',
  summary: 'List the apps that a token may call',
  beyond: true,
  verbs: [getAppToken, listWholeApps],
  errors: [401, 403, 404],
  example: { response: { apps: [examples.app] } },
})
  .input(ByToken)
  .output(Apps)
  .query(async ({ ctx, input }) => {
    const token = await getAppToken(ctx.core, { id: input.token_id });
    const seen = await listWholeApps(ctx.core, {});
    return jsonAnswer(appsText(seen.filter(({ id }) => token.apps.includes(id))));
  });

export const setApps = route({
  method: 'PUT',
  path: '/admin/api/tokens/{token_id}/apps',
  summary: 'Say which apps a token may call',
  description: 'In place of those that it might call before.',
  verbs: [setTokenApps],
  errors: [400, 401, 403, 404],
  example: { body: { app_ids: [1, 2, 3, 5, 8] }, response: { message: 'Token权限更新成功' } },
})
  .input(ByToken.extend(TokenApps.shape))
  .output(Message)
  .mutation(async ({ ctx, input: { token_id: id, app_ids: given } }) => {
    await setTokenApps(ctx.core, { id, apps: given });
    return { message: 'Token权限更新成功' };
  });

export const remove = route({
  method: 'DELETE',
  path: '/admin/api/tokens/{token_id}',
  summary: 'Remove a token',
  verbs: [removeAppToken],
  errors: [401, 403, 404],
  example: { response: { message: 'Token删除成功' } },
})
  .input(ByToken)
  .output(Message)
  .mutation(async ({ ctx, input }) => {
    await removeAppToken(ctx.core, { id: input.token_id });
    return { message: 'Token删除成功' };
  });
