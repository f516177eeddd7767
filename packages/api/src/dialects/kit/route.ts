import { initTRPC } from '@trpc/server';
import type { OpenApiMeta, OpenApiMethod } from 'trpc-openapi';
import { z } from 'zod';
import type { Action } from '@switchboard/core/access';
import type { ApiContext } from '../../context.ts';
import type { RouteAnswers } from './problem.ts';

/** Names of callers by those of the domain. */
export type FieldNames = Readonly<Record<string, string>>;

/** As far as the document looks into a verb. */
interface Verb {
  readonly spec: { readonly name: Action };
}

/** One documented route: the input of the generator, and the facts that the generator cannot express. */
export interface RouteSpec {
  method: OpenApiMethod;
  /** As documented, with `{name}` for parameters of the path. */
  path: `/${string}`;
  summary: string;
  description?: string;
  /** Status of a success; 200 where not given. */
  status?: number;
  /** False where anybody may call. */
  auth?: false;
  /** Takes a form as its body, besides JSON or instead of it. */
  form?: 'also' | 'only';
  /** The input key that is the whole body; nothing else is merged into it. */
  body?: string;
  /** Input keys that are in the query, for a route with a body. */
  query?: readonly string[];
  /** The parameter of the query, or field of the body, that asks for a stream instead of one answer. */
  stream?: string;
  /** Content types of a file that it answers with. */
  file?: readonly string[];
  /** False where a success is always a file. */
  json?: false;
  /** Added by this hub: no document has the route, and the API would be incomplete without it. */
  beyond?: true;
  /** The last parameter of the path may contain `/`. */
  greedy?: true;
  /** Other paths under which it is served. */
  aliases?: readonly `/${string}`[];
  /** Other statuses that carry the body of a success. */
  alsoAnswers?: readonly number[];
  /** Verbs that it calls whatever it is asked: the rights they ask for are those that the document says it needs. */
  verbs: readonly Verb[];
  /** Rights that it needs besides for some requests, each with the words that say for which. */
  alsoNeeds?: Partial<Record<Action, string>>;
  /** Statuses of its documented failures. */
  errors: readonly number[];
  /** Its own statuses and codes for some problems. */
  answers?: RouteAnswers;
  /** The callers' names for fields of the domain. */
  fields?: FieldNames;
  /** Shown in the document. `stream`: the first events; `also`: the answers with another status. */
  example?: { body?: unknown; response?: unknown; stream?: string; also?: Readonly<Record<number, unknown>> };
}

export interface Route extends RouteSpec {
  dialect: string;
  /** Values of its parameters that the document shows. */
  shown: Readonly<Record<string, string>>;
  /** Refuses names in the query that it does not know. */
  knowsQuery: boolean;
}

type RouteMeta = OpenApiMeta<{ route?: Route }>;

const t = initTRPC.context<ApiContext>().meta<RouteMeta>().create();

export const dialectRouter = t.router;
export const createDialectCaller = t.createCallerFactory;

/** One documented API. */
export interface Dialect {
  name: string;
  /** The answers of all its routes to some problems. */
  answers?: RouteAnswers;
  /** Its names for fields of the domain. */
  fields?: FieldNames;
  /** Values of path and query parameters that the document shows. */
  shown?: Readonly<Record<string, string>>;
  /** Its routes refuse names in the query that they do not know; else they ignore them. */
  knowsQuery?: true;
}

/** Makes the builder of a dialect's routes: `route({...}).input(…).output(…).query(…)`. */
export function routesOf(dialect: Dialect) {
  return (spec: RouteSpec) => {
    const { method, path, summary, description } = spec;
    const openapi = { method, path, summary, ...(description !== undefined && { description }) };
    const answers = { ...dialect.answers, ...spec.answers };
    const fields = { ...dialect.fields, ...spec.fields };
    const { name, shown = {}, knowsQuery = false } = dialect;
    return t.procedure.meta({ openapi, route: { ...spec, answers, fields, dialect: name, shown, knowsQuery } });
  };
}

/** The rights that a route needs whatever it is asked. */
export function needsOf({ verbs }: Route): Action[] {
  return [...new Set(verbs.map(({ spec }) => spec.name))];
}

/** Whether a route reads a body; the inputs of other routes are in path and query. */
export function hasBody({ method }: Route): boolean {
  return method !== 'GET' && method !== 'DELETE';
}

/** The names that a route's query may have, out of its inputs. */
export function queryNamesOf(route: Route, inputs: readonly unknown[]): string[] {
  if (hasBody(route)) return [...(route.query ?? [])];
  const names = inputs.flatMap((input) => (input instanceof z.ZodObject ? Object.keys(input.shape) : []));
  return names.filter((name) => !route.path.includes(`{${name}}`));
}

/** Every path a route is served at: each with a final slash and without; a greedy one takes the slash for its own. */
export function pathsOf(route: Route): string[] {
  const paths: string[] = [route.path, ...(route.aliases ?? [])];
  if (route.greedy) return paths;
  return paths.flatMap((path) => [path, path.endsWith('/') ? path.slice(0, -1) : `${path}/`]);
}
