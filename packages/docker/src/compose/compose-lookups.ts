import { isObject } from '@switchboard/basics';
import type { ComposeModel } from '../policy/policy-compose.ts';
import type { ComposeRunner } from './compose-run.ts';
import { entries } from './compose-values.ts';

/**
 * A resolved model still names variables that Compose looks up while it starts: those of secrets and configs. It gets
 * them under names of our own, so that nothing else of an environment file reaches the program and what it starts.
 */
export interface Ready {
  model: ComposeModel;
  /** For the run that starts the model. */
  environment: Readonly<Record<string, string>>;
}

const kinds = ['secrets', 'configs'] as const;
const ours = 'SWITCHBOARD_VALUE_';

/** Looks up what Compose would; a variable that is set nowhere stays, for Compose to name. */
export async function makeReady(
  model: ComposeModel,
  resolve: (names: readonly string[]) => Promise<ReadonlyMap<string, string>>,
): Promise<Ready> {
  const asked = kinds.flatMap((kind) => entries(model[kind]).map(([, { environment }]) => environment));
  const names = [...new Set(asked.filter((name) => typeof name === 'string'))];
  const asIs = withoutProfiles(model);
  if (names.length === 0) return { model: asIs, environment: {} };
  const values = [...(await resolve(names))];
  const renamed = new Map(values.map(([name], index) => [name, `${ours}${index}`]));
  const changed = kinds
    .filter((kind) => isObject(model[kind]))
    .map((kind) => {
      const all = entries(model[kind]).map(([key, { environment, ...entry }]) => {
        if (typeof environment !== 'string') return [key, entry];
        return [key, { ...entry, environment: renamed.get(environment) ?? environment }];
      });
      return [kind, Object.fromEntries(all)];
    });
  const environment = Object.fromEntries(values.map(([, value], index) => [`${ours}${index}`, value]));
  return { model: { ...asIs, ...Object.fromEntries(changed) }, environment };
}

/** True where a profile may leave a service out. */
export function hasProfiles({ services }: ComposeModel): boolean {
  return entries(services).some(([, { profiles }]) => profiles !== undefined);
}

/** Services with a profile that nobody asked for are not in a resolved model; the rest will be started. */
function withoutProfiles(model: ComposeModel): ComposeModel {
  if (!isObject(model['services'])) return model;
  const services = entries(model['services']).map(([name, { profiles: _, ...service }]) => [name, service]);
  return { ...model, services: Object.fromEntries(services) };
}

/** The values that Compose itself finds for variables; those that are set nowhere are left out. */
export async function valuesOf(
  runner: ComposeRunner,
  words: readonly string[],
  folder: string,
  names: readonly string[],
  options: { signal?: AbortSignal },
): Promise<Map<string, string>> {
  // A name without a value is one that Compose looks up.
  const input = JSON.stringify({ services: { x: { image: 'x', environment: names } } });
  const text = await runner.capture([...words, '-f', '-', 'config', '--format', 'json'], { ...options, folder, input });
  const model: unknown = JSON.parse(text);
  const [service] = entries(isObject(model) ? model['services'] : {});
  const found = service?.[1]['environment'];
  return new Map(
    Object.entries(isObject(found) ? found : {}).flatMap(([name, value]) =>
      // Compose writes each `$` of a resolved text twice.
      typeof value === 'string' ? [[name, value.replaceAll('$$', '$')]] : [],
    ),
  );
}
