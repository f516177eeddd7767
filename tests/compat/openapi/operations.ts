import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import type { Json } from '../../support/app.ts';

/** One route as the document has it. */
export interface Operation {
  id: string;
  method: string;
  path: string;
  documented: Json;
}

/** Every route of an OpenAPI document. */
export function operationsOf(document: Json): Operation[] {
  return Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, documented]) => ({
      id: documented.operationId,
      method,
      path,
      documented,
    })),
  );
}

/** Makes the check of an answer against a document: its status is there, and its body is what the schema says. */
export function createChecker(document: Json) {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  addFormats.default(ajv);
  ajv.addSchema(document, 'document');
  return ({ id, path: route, method, documented }: Operation, status: number, body: unknown): void => {
    const told = documented.responses[String(status)];
    expect(Object.keys(documented.responses), `${id} answered ${status}: ${JSON.stringify(body)}`).toContain(
      String(status),
    );
    if (told.content?.['application/json'] === undefined) return;
    const at = ['paths', route, method, 'responses', String(status), 'content', 'application/json', 'schema'];
    const pointer = at.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const validate = ajv.compile({ $ref: `document#/${pointer}` });
    const isValid = validate(body);
    expect(isValid ? [] : validate.errors, `${id} ${status}: ${JSON.stringify(body)}`).toEqual([]);
  };
}
