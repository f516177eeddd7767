import { fastapi, hub, openai, registry, simulator } from '../families.ts';
import type { Family } from '../problem.ts';

type Json = Record<string, unknown>;

/** An answer of a route under one status. */
export interface ErrorAnswer {
  body: unknown;
  /** Codes that the family uses under this status at this route. */
  codes: Set<string>;
  /** Whether `detail`, where the family has one, is a text or a list of issues; it may be both. */
  forms: Set<'text' | 'list'>;
}

const text = { type: 'string' };

/** Error bodies of the families, for the document's components. */
export const errorSchemas: Record<string, Json> = {
  HubError: {
    type: 'object',
    required: ['success', 'error', 'timestamp'],
    properties: {
      success: { const: false },
      error: {
        type: 'object',
        required: ['code', 'message'],
        properties: {
          code: { ...text, description: 'A word for programs' },
          message: { ...text, description: 'For people; its wording may change' },
          details: {
            type: 'object',
            description:
              'What is wrong with which field, and what else a program may act on. Some of these; more may come',
            properties: {
              field: { ...text, description: 'The first field that is wrong, as the caller wrote it' },
              reason: text,
              needs: { ...text, description: 'Of a 403: the right that is missing' },
              mustChangePassword: {
                const: true,
                description: 'Of a 403: nothing else is open until the password is changed',
              },
              mfaRequired: {
                const: true,
                description: 'Of a 401: sign in again with `mfaCode`; without it, or with a wrong one',
              },
              disabled: {
                const: true,
                description:
                  'Of a 401: the account of this token or key is disabled, and signing in again does not help',
              },
              retryAfterSeconds: { type: 'number', description: 'Of a 429 or 503: as `Retry-After`' },
              value: { ...text, description: 'Of a 404, 409 or 500: the id or name that it is about' },
              codings: {
                ...text,
                description: 'Of a 415: content codings that a body may have, with commas between them',
              },
              errors: {
                type: 'array',
                items: {
                  type: 'object',
                  required: ['field', 'message'],
                  properties: { field: text, message: text },
                },
              },
            },
            additionalProperties: true,
          },
        },
      },
      timestamp: { ...text, format: 'date-time' },
    },
  },
  RegistryError: {
    type: 'object',
    required: ['success', 'error'],
    properties: {
      success: { const: false },
      error: {
        type: 'object',
        required: ['code', 'message'],
        properties: { code: { ...text, description: 'A word for programs' }, message: text },
      },
    },
  },
  OpenAIError: {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['message', 'type', 'param', 'code'],
        properties: {
          message: { ...text, description: 'For people; its wording may change' },
          type: { ...text, description: '`invalid_request_error`, `permission_error`, `rate_limit_error` …' },
          param: { type: ['string', 'null'], description: 'The field that is wrong; null: none is' },
          code: {
            ...text,
            description:
              'A word for programs: `invalid_api_key`, `model_not_found`, `context_length_exceeded`, `insufficient_quota` …',
          },
        },
      },
    },
  },
  SimulatorError: {
    type: 'object',
    required: ['error'],
    properties: {
      error: { ...text, description: 'For people; of a 401 without a session the word `Unauthorized`' },
      message: { ...text, description: 'Of a 401 without a session' },
      code: { ...text, description: 'A word for programs' },
      details: {
        type: 'object',
        description: 'The first field that is wrong',
        required: ['field', 'message'],
        properties: { field: text, message: text },
      },
    },
  },
  ContainersError: { type: 'object', required: ['detail'], properties: { detail: text } },
  ContainersValidationError: {
    type: 'object',
    required: ['detail'],
    properties: {
      detail: {
        type: 'array',
        items: {
          type: 'object',
          required: ['type', 'loc', 'msg'],
          description: 'Without `input`: what was sent may be a password, and answers end up in logs',
          properties: {
            type: { ...text, description: 'A word of pydantic: `missing`, `string_type`, `value_error` …' },
            loc: {
              type: 'array',
              items: { type: ['string', 'integer'] },
              description: 'Where: body, query or path, then names',
            },
            msg: text,
          },
        },
      },
    },
  },
};

function named(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

function withCodes(name: string, codes: ReadonlySet<string>): Json {
  return codes.size === 0
    ? named(name)
    : {
        allOf: [
          named(name),
          {
            type: 'object',
            properties: {
              error: { type: 'object', properties: { code: { type: 'string', enum: [...codes].sort() } } },
            },
          },
        ],
      };
}

/** The schema of an error body of a family, with the codes that it can have. */
export function errorSchemaOf(family: Family, { codes, forms }: ErrorAnswer): Json {
  if (family === hub) return withCodes('HubError', codes);
  if (family === registry) return withCodes('RegistryError', codes);
  if (family === openai) return named('OpenAIError');
  if (family === simulator) return named('SimulatorError');
  if (family !== fastapi) return { type: 'object' };
  const schemas = [...forms]
    .sort()
    .map((form) => named(form === 'list' ? 'ContainersValidationError' : 'ContainersError'));
  return schemas.length === 1 ? (schemas[0] ?? {}) : { anyOf: schemas };
}
