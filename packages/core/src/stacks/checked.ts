import { isObject } from '@switchboard/basics';
import type { ComposeModel, Stack as StackOnDisk, StackText, Violation } from '@switchboard/docker';
import { type Bind, bindsOf, nestedBinds } from '../containers/nested.ts';
import { judge, rulesFor, type PolicyResult } from '../containers/rules.ts';
import type { Ctx } from '../context.ts';
import type { ManagedEngine } from '../engines/contract.ts';
import { projectOf } from '../engines/owner.ts';
import { requireFreeTag, requireImageUse } from '../images/queries.ts';
import { requireStackBuilds } from './builds.ts';
import { maskOf } from './env-text.ts';

/** The resolved model of a stack's files, and its violations. */
export interface Checked extends PolicyResult {
  /** The stack on disk. */
  stack: StackOnDisk;
  model: ComposeModel;
  /** For the run that starts the model. */
  environment: Readonly<Record<string, string>>;
  mask: (text: string) => string;
}

/** Images that a resolved stack runs, by service. */
export function imagesOf(model: ComposeModel): Map<string, string> {
  const services = isObject(model['services']) ? model['services'] : {};
  const found = Object.entries(services).flatMap(([name, service]) => {
    const image = isObject(service) ? service['image'] : undefined;
    return typeof image === 'string' ? [[name, image] as const] : [];
  });
  return new Map(found);
}

/** Names that building this stack gives to images. */
function builtNames(model: ComposeModel, project: string): string[] {
  const services = isObject(model['services']) ? model['services'] : {};
  return Object.entries(services).flatMap(([name, service]) => {
    const build = isObject(service) ? service['build'] : undefined;
    if (!isObject(service) || !isObject(build)) return [];
    const more = Array.isArray(build['tags']) ? build['tags'] : [];
    return [service['image'] ?? `${project}-${name}`, ...more].map(String);
  });
}

function servicesOf(model: ComposeModel): Record<string, unknown>[] {
  return Object.values(isObject(model['services']) ? model['services'] : {}).filter(isObject);
}

const withoutPull = new Set(['', 'missing', 'if_not_present', 'never', 'build', 'undefined']);

/** Images that are fetched although they exist. */
function pulledAgain(model: ComposeModel): Set<unknown> {
  return new Set(
    servicesOf(model).flatMap(({ image, pull_policy: when }) => (withoutPull.has(String(when)) ? [] : [image])),
  );
}

async function requireImages(ctx: Ctx, managed: ManagedEngine, model: ComposeModel, project: string): Promise<void> {
  const again = pulledAgain(model);
  const built = builtNames(model, project);
  for (const image of new Set(imagesOf(model).values())) {
    await requireImageUse(ctx, managed, image, { pulls: again.has(image), isBuilt: built.includes(image) });
  }
  for (const name of new Set(built)) await requireFreeTag(ctx, managed, name);
  await requireStackBuilds(ctx, managed, servicesOf(model));
}

/** Folders of the host that the services mount, against each other and against what other containers mount. */
async function nestedIn(ctx: Ctx, managed: ManagedEngine, model: ComposeModel, project: string): Promise<Violation[]> {
  const services = isObject(model['services']) ? model['services'] : {};
  const binds = Object.entries(services).flatMap(([name, service]): Bind[] => {
    const volumes = isObject(service) && Array.isArray(service['volumes']) ? service['volumes'] : [];
    return volumes.flatMap((volume: unknown, index): Bind[] => {
      if (!isObject(volume) || volume['type'] !== 'bind' || typeof volume['source'] !== 'string') return [];
      const source = ctx.docker.engines.policy.realPath(managed.name, volume['source']);
      return [{ where: `services.${name}.volumes[${index}]`, source, writable: volume['read_only'] !== true }];
    });
  });
  if (binds.length === 0) return [];
  const containers = await managed.engine.containers.list({ signal: ctx.signal });
  return nestedBinds(binds, bindsOf(containers.filter(({ labels }) => projectOf(labels) !== project)));
}

/**
 * Checks what Compose makes of a text, in a draft beside the stack's own files, before anything starts. The text
 * replaces the files only where `keep` agrees with the result; else they are not touched.
 */
export async function checkOnDisk(
  ctx: Ctx,
  managed: ManagedEngine,
  stack: StackOnDisk,
  text: StackText,
  keep: (checked: Checked) => boolean,
): Promise<Checked> {
  return ctx.docker.locks.run(`files:${stack.folder}`, async () => {
    await using draft = await managed.stacks.draft(stack, text);
    const mask = maskOf(text.env);
    const rules = await rulesFor(ctx, managed);
    const { violations, ...ready } = await managed.compose.check(draft.stack, rules, { signal: ctx.signal, mask });
    const { model } = ready;
    const nested = await nestedIn(ctx, managed, model, stack.project);
    const looked = { ...stack, envFile: draft.stack.envFile };
    const checked = { ...ready, stack: looked, mask, ...judge(ctx, [...violations, ...nested]) };
    if (!keep(checked)) return checked;
    await requireImages(ctx, managed, model, stack.project);
    return { ...checked, stack: await managed.stacks.write(stack, text) };
  });
}
