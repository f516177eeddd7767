import type { Requirement } from '../requirement.ts';

/** Every documented row of the simulator API (docs/apis/simulator.md), in the order of its document. */
export const simulatorRequirements: readonly Requirement[] = [
  { row: 46, route: 'GET /health', behaviour: 'tells its health', beside: true },
  {
    row: 47,
    route: 'POST /{Category}/{Product}',
    behaviour: 'answers MCP calls of a simulated product',
    beside: true,
  },
  { row: 48, route: 'POST /admin/login', behaviour: 'signs in for management' },
  { row: 49, route: 'GET /admin/logout', behaviour: 'signs out' },
  { row: 50, route: 'POST /admin/change-password', behaviour: 'changes the password' },
  { row: 51, route: 'GET /admin/api/apps', behaviour: 'lists simulated products' },
  { row: 52, route: 'POST /admin/api/apps', behaviour: 'creates a simulated product' },
  {
    row: 53,
    route: 'PUT /admin/api/apps/{app_id}',
    behaviour: 'changes a simulated product',
  },
  {
    row: 54,
    route: 'DELETE /admin/api/apps/{app_id}',
    behaviour: 'deletes a simulated product',
  },
  { row: 55, route: 'GET /admin/api/tokens', behaviour: 'lists tokens' },
  { row: 56, route: 'POST /admin/api/tokens', behaviour: 'creates a token' },
  {
    row: 57,
    route: 'PUT /admin/api/tokens/{token_id}/apps',
    behaviour: 'sets which products a token may use',
  },
  { row: 58, route: 'DELETE /admin/api/tokens/{token_id}', behaviour: 'deletes a token' },
  { row: 59, route: 'GET /admin/api/prompts', behaviour: 'lists prompts' },
  { row: 60, route: 'PUT /admin/api/prompts/{prompt_id}', behaviour: 'changes a prompt' },
  { row: 61, route: 'GET /admin/api/llm-config', behaviour: 'shows the model settings' },
  { row: 62, route: 'POST /admin/api/llm-config', behaviour: 'changes the model settings' },
  {
    row: 63,
    route: 'POST /admin/api/llm-config/test',
    behaviour: 'tests the model settings',
  },
  { row: 64, route: 'GET /admin/api/logs', behaviour: 'reads the audit log' },
];
