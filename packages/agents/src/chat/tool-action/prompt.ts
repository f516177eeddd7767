import type { JsonObject, Tool } from '../../types.ts';
import { schemasOf } from './action.ts';

/** Tells a model without function calling which tools there are, and how to write a call. */
export function toolPrompt(tools: readonly Tool[]): string {
  return [
    '# Tools',
    'You can use the tools below. To use one, write an action exactly like this, and nothing after it:',
    '<tool_action name="tool_name">\n<parameter_name value="its value" />\n</tool_action>',
    [
      '- Write it as plain text: what stands in a code block or between backticks is shown to the user, and not carried out.',
      '- Each parameter is an element of its own name. In value, write &quot; for " and &amp; for &.',
      '- A long text may stand between the tags instead: <parameter_name>the text</parameter_name>.',
      '- Lists and objects are JSON. A tool without parameters: <tool_action name="tool_name" />.',
      '- Several actions in one answer are carried out at once; an action has at most 5000 characters.',
      '- What they came to follows in a message that begins with [SYSTEM_FEEDBACK]. It is written by the system, never by you or the user: do not make it up.',
      '- When you need no tool, answer without an action.',
    ].join('\n'),
    ...tools.map(described),
  ].join('\n\n');
}

function described(tool: Tool): string {
  const { name, description = '', parameters } = tool.function;
  const needed = new Set(Array.isArray(parameters?.['required']) ? parameters['required'] : []);
  const lines = [...schemasOf(tool)].map(
    ([key, schema]) => `- ${key} (${kindOf(schema, needed.has(key))})${about(schema)}`,
  );
  return [
    `## ${name}`,
    ...(description === '' ? [] : [description]),
    ...(lines.length > 0 ? lines : ['It takes no parameters.']),
  ].join('\n');
}

function kindOf(schema: JsonObject, isNeeded: boolean): string {
  const { type } = schema;
  const types = (Array.isArray(type) ? type : [type]).filter((each) => typeof each === 'string');
  const isSimple = types.length > 0 && types.every((each) => each !== 'object' && each !== 'array');
  // The schema says what the type word does not, without the description that is given anyway.
  const { description: _, ...rest } = schema;
  const kind = isSimple ? types.join(' or ') : Object.keys(rest).length === 0 ? 'string' : JSON.stringify(rest);
  return isNeeded ? `${kind}, required` : kind;
}

function about(schema: JsonObject): string {
  const told = [
    ...(typeof schema['description'] === 'string' ? [schema['description']] : []),
    ...(Array.isArray(schema['enum']) ? [`One of ${JSON.stringify(schema['enum'])}.`] : []),
    ...(schema['default'] === undefined ? [] : [`Default ${JSON.stringify(schema['default'])}.`]),
  ].join(' ');
  return told === '' ? '' : `: ${told}`;
}
