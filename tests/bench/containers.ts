import { startHub, type HubProcess } from '../support/hub-process.ts';
import { findTestEngine, makeServerImage, type ServerImage } from '../support/server-image.ts';
import { until } from '../support/until.ts';
import type { Target } from './driver.ts';
import { type Group, type Plan, type Row, runRounds } from './rounds.ts';

const programs = [
  { title: 'bare', program: 'pipes', args: ['50'] },
  { title: 'SDK', program: 'scripted', args: [] },
] as const;

/** The same server as a process and as a container of one hub, both shared by everybody. */
async function addPair(hub: HubProcess, made: ServerImage, { title, program, args }: (typeof programs)[number]) {
  const targets: Target[] = [];
  for (const kind of ['process', 'container'] as const) {
    const id = `${program}-${kind}`;
    const isContainer = kind === 'container';
    await hub.api.servers.create.mutate({
      id,
      kind: isContainer ? 'container' : 'stdio',
      ...(isContainer ? made.inside(program, ...args) : made.outside(program, ...args)),
      ...(isContainer && { container: { image: made.image } }),
      isolation: 'shared',
    });
    async function runs() {
      return (await hub.api.servers.get.query({ id })).status.phase === 'running';
    }
    await until(runs, `${id} runs`, 30_000);
    targets.push({ name: kind, at: { url: hub.url(id), headers: hub.headers }, pid: hub.pid, tool: 'echo' });
  }
  return { title: `${title} stdio`, targets } satisfies Group;
}

/** Calls a second of the same servers as processes and as containers, in turn; none where there is no engine. */
export async function measureContainers(plan: Plan, say: (line: string) => void): Promise<Row[]> {
  const found = await findTestEngine();
  if ('missing' in found) {
    say(`containers are not measured: ${found.missing}`);
    return [];
  }
  await using made = await makeServerImage(found.host);
  await using hub = await startHub({ bundled: true, env: found.host === '' ? {} : { DOCKER_HOST: found.host } });
  const groups: Group[] = [];
  for (const pair of programs) groups.push(await addPair(hub, made, pair));
  return await runRounds(groups, plan, say);
}
