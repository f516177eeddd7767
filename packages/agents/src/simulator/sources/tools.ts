import { isObject } from '@switchboard/basics';
import { textIn } from '../../providers/json.ts';
import { mostActions, shown } from '../bounds.ts';
import type { SimulatedAction } from '../types.ts';
import { bareAction, described, parametersOf, type Sourced } from './sourced.ts';

const longestName = 128;
/** Characters of a schema. */
const mostSchema = 256 * 1024;

function titleOf(tool: Record<string, unknown>): string {
  const annotations = isObject(tool['annotations']) ? tool['annotations'] : {};
  return described(textIn(tool['title']) || textIn(annotations['title']));
}

function actionOf(tool: Record<string, unknown>, name: string): SimulatedAction {
  const { inputSchema, outputSchema, annotations } = tool;
  const schema = isObject(inputSchema) ? inputSchema : { type: 'object' };
  return {
    ...bareAction(name),
    displayName: titleOf(tool),
    description: described(tool['description']),
    parameters: parametersOf(schema),
    inputSchema: schema,
    outputSchema: isObject(outputSchema) ? outputSchema : null,
    annotations: isObject(annotations) ? annotations : null,
  };
}

function sizeOf(tool: Record<string, unknown>): number {
  return JSON.stringify([tool['inputSchema'], tool['outputSchema'], tool['annotations']]).length;
}

/** Actions like the tools of an MCP server, with the schemas that these have. */
export function actionsFromTools(tools: unknown): Sourced {
  const sourced: Sourced = { actions: [], problems: [] };
  if (!Array.isArray(tools)) return { actions: [], problems: [{ where: 'tools', message: 'It is no list' }] };
  const taken = new Set<string>();
  for (const [index, tool] of (tools as unknown[]).slice(0, mostActions).entries()) {
    const name = isObject(tool) ? textIn(tool['name']) : '';
    const where = name === '' ? `tool ${index + 1}` : shown(name);
    function leaveOut(message: string): void {
      sourced.problems.push({ where, message });
    }
    if (!isObject(tool) || name === '' || name.length > longestName) leaveOut('It has no name that can be used');
    else if (taken.has(name)) leaveOut('There is another of this name');
    else if (sizeOf(tool) > mostSchema) leaveOut('Its schemas are too large');
    else {
      taken.add(name);
      sourced.actions.push(actionOf(tool, name));
    }
  }
  if (tools.length > mostActions) {
    sourced.problems.push({ where: 'tools', message: `There are more than ${mostActions}: the rest is left out` });
  }
  return sourced;
}
