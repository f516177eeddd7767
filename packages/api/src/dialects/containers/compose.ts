import { composeDown, composeStatus, composeUp } from '@switchboard/core/stacks';
import type { Problem, RouteAnswer } from '../kit/problem.ts';
import { route } from './dialect.ts';
import { compose } from './examples.ts';
import { toComposeStatus } from './map.ts';
import { ComposeBody, ComposeDone, ComposeStatus } from './wire.ts';

/** A content or a path that means no stack is 400; a field that is missing or of another type is 422. */
function noStack({ issues = [], message }: Problem): RouteAnswer {
  return issues.length > 0 && issues.every(({ code }) => code === 'custom') ? { status: 400, message } : {};
}

const answers = { invalid: noStack };
const content = "services:\n  web:\n    image: nginx:latest\n    ports:\n      - '8080:80'\n";

export const up = route({
  method: 'POST',
  path: '/api/compose/up',
  summary: 'Deploy a Compose stack',
  description:
    'Answers when it is up. The same content and `path` always mean the same project; its files are kept below the stacks folder.',
  verbs: [composeUp],
  alsoNeeds: { 'container.unconfined': 'for what reaches the host' },
  errors: [400, 401, 403, 409, 422, 500],
  answers,
  example: { response: compose.up, body: { content, path: 'team/web' } },
})
  .input(ComposeBody)
  .output(ComposeDone)
  .mutation(async ({ ctx, input }) => {
    const { project } = await composeUp(ctx.core, input);
    return { status: 'success' as const, message: 'Compose堆栈已成功部署', project };
  });

export const down = route({
  method: 'POST',
  path: '/api/compose/down',
  summary: 'Stop a Compose stack and remove its containers',
  description: 'Its volumes stay.',
  verbs: [composeDown],
  alsoNeeds: { 'container.unconfined': 'for what reaches the host' },
  errors: [400, 401, 403, 409, 422, 500],
  answers,
  example: { response: compose.down, body: { content, path: 'team/web' } },
})
  .input(ComposeBody)
  .output(ComposeDone)
  .mutation(async ({ ctx, input }) => {
    const { project } = await composeDown(ctx.core, input);
    return { status: 'success' as const, message: 'Compose堆栈已成功停止', project };
  });

export const status = route({
  method: 'POST',
  path: '/api/compose/status',
  summary: 'Tell how the services of a Compose stack are',
  verbs: [composeStatus],
  errors: [400, 401, 403, 422, 500],
  answers,
  example: { response: compose.status, body: { content, path: 'team/web' } },
})
  .input(ComposeBody)
  .output(ComposeStatus)
  .mutation(async ({ ctx, input }) => toComposeStatus(await composeStatus(ctx.core, input)));
