import type { Requirement } from '../requirement.ts';

/** Every documented row of seed 002, in the order of its document. */
export const simulatorRequirements: readonly Requirement[] = [
  { row: 46, route: 'GET /health', behaviour: 'tells its health', deferred: 'the simulator' },
  {
    row: 47,
    route: 'POST /{Category}/{Product}',
    behaviour: 'answers MCP calls of a simulated product',
    deferred: 'the simulator',
  },
  { row: 48, route: 'POST /admin/login', behaviour: 'signs in for management', deferred: 'the simulator' },
  { row: 49, route: 'GET /admin/logout', behaviour: 'signs out', deferred: 'the simulator' },
  { row: 50, route: 'POST /admin/change-password', behaviour: 'changes the password', deferred: 'the simulator' },
  { row: 51, route: 'GET /admin/api/apps', behaviour: 'lists simulated products', deferred: 'the simulator' },
  { row: 52, route: 'POST /admin/api/apps', behaviour: 'creates a simulated product', deferred: 'the simulator' },
  {
    row: 53,
    route: 'PUT /admin/api/apps/{app_id}',
    behaviour: 'changes a simulated product',
    deferred: 'the simulator',
  },
  {
    row: 54,
    route: 'DELETE /admin/api/apps/{app_id}',
    behaviour: 'deletes a simulated product',
    deferred: 'the simulator',
  },
  { row: 55, route: 'GET /admin/api/tokens', behaviour: 'lists tokens', deferred: 'the simulator' },
  { row: 56, route: 'POST /admin/api/tokens', behaviour: 'creates a token', deferred: 'the simulator' },
  {
    row: 57,
    route: 'PUT /admin/api/tokens/{token_id}/apps',
    behaviour: 'sets which products a token may use',
    deferred: 'the simulator',
  },
  { row: 58, route: 'DELETE /admin/api/tokens/{token_id}', behaviour: 'deletes a token', deferred: 'the simulator' },
  { row: 59, route: 'GET /admin/api/prompts', behaviour: 'lists prompts', deferred: 'the simulator' },
  { row: 60, route: 'PUT /admin/api/prompts/{prompt_id}', behaviour: 'changes a prompt', deferred: 'the simulator' },
  { row: 61, route: 'GET /admin/api/llm-config', behaviour: 'shows the model settings', deferred: 'the simulator' },
  { row: 62, route: 'POST /admin/api/llm-config', behaviour: 'changes the model settings', deferred: 'the simulator' },
  {
    row: 63,
    route: 'POST /admin/api/llm-config/test',
    behaviour: 'tests the model settings',
    deferred: 'the simulator',
  },
  { row: 64, route: 'GET /admin/api/logs', behaviour: 'reads the audit log', deferred: 'the simulator' },
];
