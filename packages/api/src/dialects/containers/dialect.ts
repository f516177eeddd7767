import { world } from '../kit/example-world.ts';
import { lacksCredentials, type Problem, type RouteAnswer } from '../kit/problem.ts';
import { routesOf } from '../kit/route.ts';

function credentialsNeeded(problem: Problem): RouteAnswer {
  if (problem.details?.['disabled'] === true) return { status: 400, message: '用户已禁用' };
  return { message: lacksCredentials(problem) ? 'Not authenticated' : '无法验证凭据' };
}

export const route = routesOf({
  name: 'containers',
  fields: {
    fullName: 'full_name',
    mfaCode: 'mfa_code',
    workingDir: 'working_dir',
    readOnly: 'read_only',
    capAdd: 'cap_add',
    capDrop: 'cap_drop',
    maxTokens: 'max_tokens_to_sample',
    topP: 'top_p',
    topK: 'top_k',
    dockerContext: 'docker_context',
    callbackUrl: 'callback_url',
  },
  answers: { unauthenticated: credentialsNeeded },
  shown: { container_id: world.container, request_id: world.requestId, path: '/etc/nginx/nginx.conf' },
});
