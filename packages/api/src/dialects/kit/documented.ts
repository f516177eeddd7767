import { z } from 'zod';

/** Lets a schema that the generator cannot describe appear in the document as another one. */
export function documentedAs(schema: z.ZodType) {
  const { $schema: _, ...described } = z.toJSONSchema(schema, {
    io: 'output',
    unrepresentable: 'any',
    reused: 'inline',
  });
  return { override: ({ jsonSchema }: { jsonSchema: object }) => void Object.assign(jsonSchema, described) };
}
