import type { Requirement } from '../requirement.ts';

/** Every documented row of the containers API (docs/apis/containers.md), in the order of its document. */
export const containersRequirements: readonly Requirement[] = [
  { row: 1, route: 'POST /api/auth/register', behaviour: 'registers a user' },
  {
    row: 2,
    route: 'POST /api/auth/token',
    behaviour: 'gives an access token for a form',
  },
  { row: 3, route: 'GET /api/auth/me', behaviour: 'shows who is signed in' },
  { row: 4, route: 'GET /api/containers/', behaviour: 'lists containers, stopped ones too' },
  {
    row: 5,
    route: 'GET /api/containers/{container_id}',
    behaviour: 'shows a container by id, short id or name',
  },
  {
    row: 6,
    route: 'POST /api/containers/create',
    behaviour: 'creates a container without starting it',
  },
  {
    row: 7,
    route: 'POST /api/containers/{container_id}/start',
    behaviour: 'starts a container',
  },
  { row: 8, route: 'POST /api/containers/{container_id}/stop', behaviour: 'stops a container' },
  { row: 9, route: 'DELETE /api/containers/{container_id}', behaviour: 'removes a container' },
  {
    row: 10,
    route: 'GET /api/containers/{container_id}/logs',
    behaviour: 'reads the logs of a container',
  },
  { row: 11, route: 'POST /api/compose/up', behaviour: 'brings a stack up' },
  { row: 12, route: 'POST /api/compose/down', behaviour: 'brings a stack down' },
  { row: 13, route: 'POST /api/compose/status', behaviour: 'tells how a stack is' },
  { row: 14, route: 'GET /api/claude/config', behaviour: 'tells which models there are' },
  { row: 15, route: 'POST /api/claude/chat', behaviour: 'answers a prompt' },
  { row: 16, route: 'POST /api/claude/chat/async', behaviour: 'takes a prompt for later' },
];
