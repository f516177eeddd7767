import { isObject } from '@switchboard/basics';

type Json = Record<string, unknown>;

/** Rewrites a reference into a schema's own `$defs` to the document's components. */
function moveReference(reference: string): string {
  return reference.replace(/^#\/\$defs\//, '#/components/schemas/');
}

/**
 * Moves the `$defs` of every schema below a value to `schemas`, the document's components, and lets references point
 * there: `#/$defs/…` names the root of the document, which has none (OpenAPI 3.1, Reference Object).
 * Throws where two different schemas have one name.
 */
export function hoistDefinitions(value: unknown, schemas: Json): unknown {
  if (Array.isArray(value)) return value.map((entry) => hoistDefinitions(entry, schemas));
  if (!isObject(value)) return value;
  const { $defs, ...rest } = value;
  if (isObject($defs)) {
    for (const [name, schema] of Object.entries($defs)) addSchema(schemas, name, hoistDefinitions(schema, schemas));
  }
  const entries = Object.entries(rest).map(([key, entry]) =>
    key === '$ref' && typeof entry === 'string'
      ? [key, moveReference(entry)]
      : [key, key === 'example' ? entry : hoistDefinitions(entry, schemas)],
  );
  return Object.fromEntries(entries);
}

function addSchema(schemas: Json, name: string, schema: unknown): void {
  const known = schemas[name];
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
    throw new Error(`Two schemas of the document are called ${name}.`);
  }
  schemas[name] = schema;
}
