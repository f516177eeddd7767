import { isObject } from '@switchboard/basics';

type Json = Record<string, unknown>;

/** Whether null is a value of the schema already, or anything is. */
function takesNull({ type, anyOf, ...rest }: Json): boolean {
  if (Array.isArray(anyOf)) return anyOf.some((one) => isObject(one) && takesNull(one));
  if (type !== undefined) return [type].flat().includes('null');
  return !['$ref', 'const', 'enum', 'allOf', 'oneOf'].some((key) => key in rest);
}

function orNull(schema: Json): Json {
  if (takesNull(schema)) return schema;
  const { description, default: usual, ...rest } = schema;
  const told = { ...(description !== undefined && { description }), ...(usual !== undefined && { default: usual }) };
  const isPlain = typeof rest['type'] === 'string' && !('const' in rest) && !('enum' in rest);
  if (isPlain) return { ...schema, type: [rest['type'], 'null'] };
  const forms = Array.isArray(rest['anyOf']) ? (rest['anyOf'] as unknown[]) : [rest];
  return { ...told, anyOf: [...forms, { type: 'null' }] };
}

/**
 * The schema of a body in which every optional field may be null, as `withoutNulls` of `kit/nulls.ts` reads it: at
 * every level that the schema describes by name.
 */
export function withOptionalNulls(schema: Json): Json {
  const { properties, items } = schema;
  const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];
  return {
    ...schema,
    ...(isObject(properties) && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => {
          const inner = isObject(property) ? withOptionalNulls(property) : property;
          return [name, isObject(inner) && !required.includes(name) ? orNull(inner) : inner];
        }),
      ),
    }),
    ...(isObject(items) && { items: withOptionalNulls(items) }),
  };
}
