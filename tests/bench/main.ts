import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type HubProcess, startHub } from '../support/hub-process.ts';
import { measureChat } from './chat.ts';
import { measureContainers } from './containers.ts';
import { measureCosts } from './costs.ts';
import { measureList, type Target } from './driver.ts';
import { measureEngine } from './engine.ts';
import { figuresOf, type Lists, reached, type Results } from './figures.ts';
import { measureFreezes } from './freeze.ts';
import { measureHistory } from './history.ts';
import { measureHot } from './hot.ts';
import { measureStartUp, startFullHub } from './hub.ts';
import { measurePeople } from './people.ts';
import { here, type Program, sdkServer, start } from './programs.ts';
import { type Group, type Plan, runRounds } from './rounds.ts';
import { measureSeries } from './series.ts';
import { measureSimulator } from './simulator.ts';
import { measureSockets } from './sockets.ts';
import {
  chatTable,
  costTable,
  figureTable,
  freezeTable,
  historyTable,
  hotTable,
  listTable,
  loadTable,
  peopleTable,
  tracingTable,
} from './table.ts';
import { measureTracing } from './tracing.ts';

const usage = `npm run bench -- [options]: the hub against a direct connection and a featureless relay.

  --quick            one round, c16 and c64, fewer calls
  --rounds N         default 5
  --levels 1,16,64   default 1,16,64,256
  --only load|lists|start|costs|people|history|series|freeze|containers|chat|simulator|sockets|hot
  --json FILE        writes the results there as well
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    levels: { type: 'string' },
    only: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

function say(line: string): void {
  void process.stdout.write(`${line}\n`);
}
const token = 'bench-token';

function planOf(): Plan {
  const levels = values.levels ?? (values.quick ? '1,16,64' : '1,16,64,256');
  return {
    rounds: Number(values.rounds ?? (values.quick ? 1 : 5)),
    levels: levels.split(',').map(Number),
    calls: (concurrency) => (concurrency === 1 ? 1000 : values.quick ? 3000 : 5000),
    warmup: values.quick ? 500 : 2000,
  };
}

function relayTarget(relay: Program, path: string): Target {
  return {
    name: 'relay',
    at: { url: relay.line + path, headers: { authorization: `Bearer ${token}` } },
    pid: relay.pid,
    tool: 'echo',
  };
}

function hubTarget(hub: HubProcess, endpoint: string): Target {
  return {
    name: 'hub',
    at: { url: hub.url(endpoint), headers: hub.headers },
    pid: hub.pid,
    tool: 'echo',
  };
}

function direct(url: string): Target {
  return { name: 'direct', at: { url, headers: {} }, pid: null, tool: 'echo' };
}

async function measureLoad(plan: Plan) {
  await using bare = await start([here('upstream-http.ts')]);
  await using sdk = await start([sdkServer, '--http']);
  const bareUrl = `${bare.line}/mcp?tools=50`;
  const largeUrl = `${bare.line}/mcp?tools=2000`;
  await using bareRelay = await start([here('relay.ts'), bareUrl, token]);
  await using sdkRelay = await start([here('relay.ts'), sdk.line, token]);
  // The sessions of one caller are counted as one person's, who may have half of a server's instances.
  await using hub = await startHub({ bundled: true, env: { MAX_INSTANCES_PER_SERVER: '128' } });
  const wide = { limits: { maxInstances: 128 } };
  const pipes = { command: process.execPath, args: [here('upstream-stdio.ts'), '50'] };
  const sdkPipes = { command: process.execPath, args: [sdkServer] };
  await hub.add('bare', { kind: 'streamable-http', url: bareUrl }, wide);
  await hub.add('large', { kind: 'streamable-http', url: largeUrl }, wide);
  await hub.add('sdk', { kind: 'streamable-http', url: sdk.line }, wide);
  await hub.add('pipes', { kind: 'stdio', ...pipes }, { isolation: 'shared' });
  await hub.add('sdk-pipes', { kind: 'stdio', ...sdkPipes }, { isolation: 'shared' });
  const groups: Group[] = [
    { title: 'bare HTTP', targets: [direct(bareUrl), relayTarget(bareRelay, ''), hubTarget(hub, 'bare')] },
    { title: 'bare HTTP, 2,000 tools', targets: [direct(largeUrl), hubTarget(hub, 'large')] },
    { title: 'SDK HTTP', targets: [direct(sdk.line), relayTarget(sdkRelay, ''), hubTarget(hub, 'sdk')] },
    {
      title: 'bare stdio',
      targets: [{ name: 'pipes', at: pipes, pid: null, tool: 'echo' }, hubTarget(hub, 'pipes')],
    },
    {
      title: 'SDK stdio',
      targets: [{ name: 'pipes', at: sdkPipes, pid: null, tool: 'echo' }, hubTarget(hub, 'sdk-pipes')],
    },
  ];
  return await runRounds(groups, plan, say);
}

async function measureLists(): Promise<Lists> {
  await using bare = await start([here('upstream-http.ts')]);
  function at(tools: number): string {
    return `${bare.line}/mcp?tools=${tools}`;
  }
  const times = 9;
  await using hub = await startHub({ bundled: true });
  await hub.add('fifty', { kind: 'streamable-http', url: at(50) });
  await hub.add('large', { kind: 'streamable-http', url: at(2000) });
  const twenty = await startFullHub(bare.line, 20, 100, false);
  await using _twenty = twenty.hub;
  const hundred = await startFullHub(bare.line, 100, 5, true);
  await using _hundred = hundred.hub;
  return {
    direct50: await measureList(direct(at(50)), times),
    direct2000: await measureList(direct(at(2000)), times),
    hub50: await measureList(hubTarget(hub, 'fifty'), times),
    hub2000: await measureList(hubTarget(hub, 'large'), times),
    twentyTimesHundred: await measureList(twenty.target, times),
    hundredAsleep: await measureList(hundred.target, times),
  };
}

async function main(): Promise<void> {
  if (values.help) return say(usage);
  function wants(part: string): boolean {
    return values.only === undefined || values.only === part;
  }
  const results: Results = {
    rows: wants('load') ? await measureLoad(planOf()) : [],
    lists: wants('lists') ? await measureLists() : null,
    startUp: wants('start') ? await measureStartUp(values.quick ? 20 : 100) : null,
    costs: wants('costs') ? await measureCosts() : [],
    tracing: wants('costs') ? await measureTracing() : [],
    history: wants('history') ? await measureHistory(values.quick) : [],
    hot: wants('hot') ? measureHot() : [],
    series: wants('series') ? await measureSeries(values.quick) : [],
    people: wants('people') ? await measurePeople(say) : null,
    freezes: wants('freeze') ? await measureFreezes() : [],
    chat: wants('chat') ? await measureChat(values.quick ? 1 : 3) : null,
    simulator: wants('simulator') ? await measureSimulator(values.quick ? 1 : 5) : null,
    sockets: wants('sockets') ? await measureSockets() : null,
    engine: wants('containers') ? await measureEngine() : null,
    containers: wants('containers') ? await measureContainers(planOf(), say) : [],
  };
  const figures = figuresOf(results);
  if (results.rows.length > 0) say(`\n${loadTable(results.rows)}`);
  if (results.containers.length > 0) say(`\n${loadTable(results.containers)}`);
  if (results.lists) say(`\n${listTable(results.lists)}`);
  if (results.costs.length > 0) say(`\n${costTable(results.costs)}`);
  if (results.tracing.length > 0) say(`\n${tracingTable(results.tracing)}`);
  if (results.chat) say(`\n${chatTable(results.chat)}`);
  if (results.people) say(`\n${peopleTable(results.people)}`);
  if (results.history.length > 0) say(`\n${historyTable(results.history)}`);
  if (results.series.length > 0) say(`\n${historyTable(results.series)}`);
  if (results.hot.length > 0) say(`\n${hotTable(results.hot)}`);
  if (results.freezes.length > 0) say(`\n${freezeTable(results.freezes)}`);
  if (figures.length > 0) say(`\n${figureTable(figures)}`);
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify({ ...results, figures }, null, 2));
  if (!figures.every(reached)) process.exitCode = 1;
}

await main();
