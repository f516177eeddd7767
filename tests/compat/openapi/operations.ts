import addFormats from 'ajv-formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
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

export type Check = (operation: Operation, status: number, body: unknown) => void;

const checks = new WeakMap<object, Check>();

/**
 * The check of an answer against a document: its status is there, and its body is what the schema says. To compile a
 * schema takes longer than any request: each is compiled once.
 */
export function createChecker(document: Json): Check {
  const known = checks.get(document);
  if (known) return known;
  const check = makeChecker(document);
  checks.set(document, check);
  return check;
}

function makeChecker(document: Json): Check {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  addFormats.default(ajv);
  ajv.addSchema(document, 'document');
  const compiled = new Map<string, ValidateFunction>();

  function validatorOf(at: readonly string[]): ValidateFunction {
    const pointer = at.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    let validate = compiled.get(pointer);
    if (!validate) compiled.set(pointer, (validate = ajv.compile({ $ref: `document#/${pointer}` })));
    return validate;
  }

  return ({ id, path: route, method, documented }, status, body) => {
    const told = documented.responses[String(status)];
    if (told === undefined) {
      const known = Object.keys(documented.responses);
      expect(known, `${id} answered ${status}: ${JSON.stringify(body)}`).toContain(String(status));
    }
    if (told.content?.['application/json'] === undefined) return;
    const at = ['paths', route, method, 'responses', String(status), 'content', 'application/json', 'schema'];
    const validate = validatorOf(at);
    if (!validate(body)) expect(validate.errors, `${id} ${status}: ${JSON.stringify(body)}`).toEqual([]);
  };
}
