import { z } from 'zod';
import { listGeneratedTools, registerGeneratedTool } from '@switchboard/core/generated-tools';
import type { Problem, RouteAnswer } from '../kit/problem.ts';
import { route } from './dialect.ts';
import { mcp as examples } from './mcp-examples.ts';
import * as wire from './mcp-wire.ts';

/** A body of the right shape with a name or path that cannot be. */
function odd({ issues = [] }: Problem): RouteAnswer {
  const [issue] = issues;
  if (!issue || issues.some(({ code }) => code !== 'custom')) return {};
  return { status: 400, message: `${issue.path.join('.')}: ${issue.message}` };
}

export const register = route({
  method: 'POST',
  path: '/mcp/register-tool',
  aliases: ['/api/mcp/register-tool'],
  summary: 'Register a generated tool',
  description:
    'It becomes a server that is disabled: nothing of it runs until somebody with the right to run programs has reviewed ' +
    'and enabled it. It is started by the first that is there of `main_server`, `server` and `main`, with `.py`, `.ts`, ' +
    '`.js` or `.mjs`. `/mcp/remove` removes it with its files.',
  verbs: [registerGeneratedTool],
  errors: [400, 401, 403, 409, 422, 429, 500],
  answers: { invalid: odd },
  fields: { folderName: 'folder_name', name: 'folder_name', scriptFiles: 'script_files' },
  example: examples.register,
})
  .input(wire.RegisterBody)
  .output(wire.RegisterAnswer)
  .mutation(async ({ ctx, input }) => {
    const { name } = await registerGeneratedTool(ctx.core, {
      folderName: input.folder_name,
      scriptFiles: input.script_files,
      readme: input.readme,
      dependencies: input.dependencies,
    });
    return { status: 'success' as const, message: `MCP工具 '${name}' 注册成功` };
  });

export const list = route({
  method: 'GET',
  path: '/mcp/ai-tools',
  aliases: ['/api/mcp/ai-tools'],
  summary: 'List generated tools',
  description: 'Their names.',
  verbs: [listGeneratedTools],
  errors: [401, 403, 500],
  example: examples.generated,
})
  .input(z.object({}))
  .output(wire.GeneratedNames)
  .query(async ({ ctx }) => (await listGeneratedTools(ctx.core, {})).map(({ name }) => name));
