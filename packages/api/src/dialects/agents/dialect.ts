import { world } from '../kit/example-world.ts';
import { lacksCredentials, type Problem, type RouteAnswer } from '../kit/problem.ts';
import { routesOf } from '../kit/route.ts';

function credentialsNeeded(problem: Problem): RouteAnswer {
  return lacksCredentials(problem) ? { message: 'Not authenticated' } : {};
}

export const route = routesOf({
  name: 'agents',
  fields: {
    baseUrl: 'base_url',
    apiKey: 'api_key',
    extraBody: 'extra_body',
    headers: 'extra_headers',
    timeoutMs: 'timeout',
  },
  answers: { unauthenticated: credentialsNeeded },
  shown: {
    model_name: world.model,
    conversation_id: world.conversation,
    server_name: world.registeredId,
    graph_name: world.graph,
    old_name: world.graph,
    new_name: 'new_graph',
  },
});
