import { isObject } from '@switchboard/basics';
import { objectIn, textIn } from '../../../providers/json.ts';
import type { JsonObject } from '../../../types.ts';
import type { SimulatedAction } from '../../types.ts';
import { bareAction, described, freeName, type Sourced, type SourceProblem } from '../sourced.ts';
import { asOpenApi, assertBounded, followed, measured, openApiBounds, type OpenApiBounds } from './document.ts';
import { actionOf, type Operation } from './operation.ts';

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
const mostProblems = 200;

/** Actions of a document, and what it says of itself. */
export interface OpenApiActions extends Sourced {
  title: string;
  description: string;
}

function nameOf({ method, path, operation }: Operation): string {
  return textIn(operation['operationId']) || `${method} ${path}`;
}

/** The operations of a document, each with the place for its problems. */
function* operationsOf(document: JsonObject, problems: SourceProblem[]): Generator<Operation> {
  for (const [path, value] of Object.entries(objectIn(document['paths']))) {
    function tellAt(where: string): (message: string) => void {
      return (message) => {
        if (problems.length < mostProblems) problems.push({ where, message });
      };
    }
    const item = followed(document, value, tellAt(path.slice(0, 300)));
    if (item === null) continue;
    for (const method of methods) {
      const operation = item[method];
      if (!isObject(operation)) continue;
      const tell = tellAt(`${method.toUpperCase()} ${path.slice(0, 300)}`);
      yield { document, method, path, shared: item['parameters'], operation, tell };
    }
  }
}

/** The most characters of one action, and of all: schemas that many operations refer to are in each of them. */
const mostOfAction = 256 * 1024;
const mostOfAll = 16 * 1024 * 1024;

/** The action, without what makes it too large. */
function fitting(action: SimulatedAction, tell: (message: string) => void): { action: SimulatedAction; size: number } {
  const size = measured(action, { size: mostOfAction, depth: openApiBounds.depth });
  if (typeof size === 'number') return { action, size };
  tell('Its schemas and examples are too large: they are left out');
  const { name, displayName, description, annotations } = action;
  return { action: { ...bareAction(name), displayName, description, annotations }, size: 0 };
}

/**
 * Actions for the operations of a parsed OpenAPI document (3.0, 3.1). References are followed within it; what cannot be taken
 * over is in `problems`. Throws OpenApiError where the document is none, or more than the bounds allow.
 */
export function actionsFromOpenApi(document: unknown, bounds: Partial<OpenApiBounds> = {}): OpenApiActions {
  const limits = { ...openApiBounds, ...bounds };
  assertBounded(document, limits);
  const root = asOpenApi(document);
  const info = objectIn(root['info']);
  const actions: SimulatedAction[] = [];
  const problems: SourceProblem[] = [];
  const taken = new Set<string>();
  let left = mostOfAll;
  for (const operation of operationsOf(root, problems)) {
    if (actions.length >= limits.operations || left <= 0) {
      problems.push({ where: 'paths', message: `There is more than can be taken over: ${actions.length} are` });
      break;
    }
    const name = freeName(nameOf(operation), taken);
    taken.add(name);
    const { action, size } = fitting(actionOf(operation, name), operation.tell);
    left -= size;
    actions.push(action);
  }
  return {
    title: described(info['title']).slice(0, 200),
    description: described(info['description']),
    actions,
    problems,
  };
}
