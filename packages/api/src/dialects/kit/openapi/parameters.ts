import { z } from 'zod';

type Json = Record<string, unknown>;

/** A parameter of the generated document. */
export interface Parameter extends Json {
  name: string;
  in: string;
  schema?: Json;
}

const better = new Set(['boolean', 'integer', 'number', 'array']);

/** The properties that a procedure's inputs have once they are read, as JSON Schema. */
function readTypes(inputs: readonly unknown[]): Record<string, Json> {
  const types: Record<string, Json> = {};
  for (const input of inputs) {
    if (!(input instanceof z.ZodType)) continue;
    const schema = z.toJSONSchema(input, { io: 'output', unrepresentable: 'any', reused: 'inline' });
    Object.assign(types, schema.properties);
  }
  return types;
}

/** Names of query parameters that are lists: clients write them with commas, or once for each word. */
export function listParameters(inputs: readonly unknown[]): Set<string> {
  const types = Object.entries(readTypes(inputs));
  return new Set(types.filter(([, type]) => type['type'] === 'array').map(([name]) => name));
}

/**
 * Gives query parameters the types that their texts are read as: the generator sees only the text (`string`), and
 * clients made from the document should take booleans and numbers.
 */
export function typeParameters(parameters: readonly Parameter[], inputs: readonly unknown[]): Parameter[] {
  const types = readTypes(inputs);
  return parameters.map((parameter) => {
    const { $schema: _, ...read } = types[parameter.name] ?? {};
    // The generator loses what is said of an optional field; the page shows what is said of the parameter itself.
    const description = read['description'] ?? parameter.schema?.['description'];
    const described = { ...parameter, ...(description !== undefined && { description }) };
    const isText = parameter.in === 'query' && parameter.schema?.['type'] === 'string';
    if (!isText || (!better.has(String(read['type'])) && read['enum'] === undefined)) return described;
    return {
      ...described,
      schema: { ...read, ...(description !== undefined && { description }) },
      ...(read['type'] === 'array' && { style: 'form', explode: false }),
    };
  });
}
