import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { isLong } from '../support/long.ts';
import { modernExchange } from '../support/mcp/raw.ts';
import { startSkills } from './server/skills.ts';
import { startTasks } from './server/tasks.ts';
import { runSuite, type Scenario } from './suite.ts';

/** Scenarios of the tasks extension. Of status notifications the suite has no check yet. */
const tasks = [
  'tasks-lifecycle',
  'tasks-capability-negotiation',
  'tasks-wire-fields',
  'tasks-request-state-removal',
  'tasks-mrtr-input',
  'tasks-request-headers',
  'tasks-dispatch-and-envelope',
  'tasks-required-task-error',
  'tasks-mrtr-composition',
];

/** Skills are listed by one server, so they are not at the endpoint of several. */
const skills = ['sep-2640-skills-enumeration', 'sep-2640-skills-directory', 'sep-2640-skills-manifest'];

let servers: Record<'tasks' | 'skills', Awaited<ReturnType<typeof startTasks>>>;
let hub: HubProcess;

beforeAll(async () => {
  servers = { tasks: await startTasks(), skills: await startSkills() };
  hub = await startHub();
  for (const [name, { url }] of Object.entries(servers)) await hub.add(name, { kind: 'streamable-http', url });
});

afterAll(async () => {
  await hub?.[Symbol.asyncDispose]();
  for (const server of Object.values(servers)) await server.close();
});

interface Place {
  target: string;
  prefix?: string;
}

async function expectPassed(scenario: string, place: Place): Promise<void> {
  const authorization = hub.headers['authorization'] ?? '';
  const { scenarios } = await runSuite({ ...place, authorization, scenario, scenarioTimeoutMs: 60_000 });
  function wrong({ problems }: Scenario): string[] {
    return problems.map((problem) => `${place.target}: ${problem}`);
  }
  expect(scenarios.flatMap(wrong)).toEqual([]);
  expect(scenarios.map(({ passed }) => passed > 0)).toEqual([true]);
}

test.each(tasks)('%s passes at the endpoint of the server and among others', async (scenario) => {
  // Only tells whose fault it is when the hub fails.
  if (isLong) await expectPassed(scenario, { target: servers.tasks.url });
  await expectPassed(scenario, { target: hub.url('tasks') });
  await expectPassed(scenario, { target: hub.url(), prefix: 'tasks__' });
});

test.each(skills)('%s passes at the endpoint of the server', async (scenario) => {
  if (isLong) await expectPassed(scenario, { target: servers.skills.url });
  await expectPassed(scenario, { target: hub.url('skills') });
});

test('the endpoint of several servers declares tasks and no skills', async () => {
  const { reply } = await modernExchange(hub.url(), 'server/discover', {}, { headers: hub.headers });
  expect(reply).toMatchObject({ result: { capabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } } });
  expect(JSON.stringify(reply)).not.toContain('io.modelcontextprotocol/skills');
});
