import type { PullProgress } from '@switchboard/docker';
import type { Ctx } from '../context.ts';
import { auditRun, auditWork } from '../engines/audited-run.ts';
import { engineOf, newResource, ownerLabels, requireMaking } from '../engines/owner.ts';
import { startEngineRun } from '../engines/runs.ts';
import type { EngineRun } from '../engines/schema.ts';
import { absentImage, requireImageUse } from '../images/queries.ts';
import { verb } from '../verb.ts';
import { toDetails } from './queries.ts';
import { checkSpec } from './rules.ts';
import { CreateContainer, type ContainerDetails } from './schema.ts';

/** The audit log keeps names, never values. */
function auditOf(engine: string, { environment, login: _login, command: _command, ...spec }: CreateContainer) {
  return {
    engine,
    image: spec.image,
    name: spec.name ?? null,
    ports: Object.keys(spec.ports ?? {}),
    volumes: spec.volumes ?? {},
    environment: Object.keys(environment ?? {}),
    network: spec.network ?? null,
    start: spec.start,
  };
}

async function prepare(ctx: Ctx, input: CreateContainer) {
  const { engine: name, pull, start, login, ...given } = input;
  const managed = engineOf(ctx, name);
  requireMaking(ctx, 'container.create', 'container', managed.name);
  const looked = { ...given };
  await checkSpec(ctx, managed, looked);
  const isThere = await requireImageUse(ctx, managed, input.image, { pulls: pull === 'always' });
  if (!isThere && pull === 'never') throw absentImage(input.image);
  const spec = { ...given, labels: { ...given.labels, ...ownerLabels(ctx.actor) } };
  return { managed, spec, pull, start, login };
}

type Prepared = Awaited<ReturnType<typeof prepare>>;

async function carryOut(
  { managed: { engine }, spec, pull, start, login }: Prepared,
  signal: AbortSignal,
  onProgress: (progress: PullProgress) => void,
) {
  const missing = pull === 'always' || (pull === 'missing' && !(await engine.images.has(spec.image, { signal })));
  if (missing) await engine.images.pull(spec.image, { onProgress, signal, ...(login && { login }) });
  signal.throwIfAborted();
  return await engine.containers.create(spec, { pull: 'never', start });
}

/** Creates a container, pulling its image where it is missing, and answers when the container exists. */
export const createContainer = verb(
  { name: 'container.create', access: 'write', input: CreateContainer, tx: false },
  async (ctx, input): Promise<ContainerDetails> => {
    const prepared = await prepare(ctx, input);
    const engine = prepared.managed.name;
    const subject = input.name ?? input.image;
    const work = { kind: 'container.create', engine, subject, details: auditOf(engine, input) } as const;
    const made = await auditWork(ctx, work, () => carryOut(prepared, ctx.signal, () => undefined));
    return toDetails(ctx, engine, made);
  },
);

/** The same as a run with the progress of the pull; its result has `id` and `name`. */
export const createContainerRun = verb(
  { name: 'container.create', access: 'write', input: CreateContainer, tx: false },
  async (ctx, input): Promise<EngineRun> => {
    const prepared = await prepare(ctx, input);
    const { managed } = prepared;
    const plan = {
      kind: 'container.create',
      engine: managed.name,
      subject: input.name ?? input.image,
      resource: newResource(ctx, 'container', managed.name),
    } as const;
    const run = startEngineRun(ctx, plan, async ({ signal, progress }) => {
      const { id, name, status } = await carryOut(prepared, signal, progress);
      return { id, name, status };
    });
    await auditRun(ctx, run, auditOf(managed.name, input));
    return run;
  },
);
