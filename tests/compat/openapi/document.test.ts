import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import SwaggerParser from '@apidevtools/swagger-parser';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { build } from 'esbuild';
import createFetchClient from 'openapi-fetch';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grantable } from '@switchboard/core/access';
import { requestLimits } from '@switchboard/core/limits';
import { adminPassword, createTestApp, type Json, type TestApp } from '../../support/app.ts';
import { signInAs } from '../../support/people.ts';
import { createChecker, type Operation, operationsOf } from './operations.ts';

function beside(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
const run = promisify(execFile);

let app: TestApp;
let document: Json;
let operations: Operation[];
let directory: string;

beforeAll(async () => {
  app = await createTestApp();
  document = (await app.json('/openapi.json', { auth: false })).body;
  operations = operationsOf(document);
  directory = mkdtempSync(path.join(tmpdir(), 'switchboard-openapi-'));
  writeFileSync(path.join(directory, 'openapi.json'), JSON.stringify(document));
});
afterAll(async () => {
  await app?.stop();
  if (directory) rmSync(directory, { recursive: true, force: true });
});

/** What a generated client is given for a route: names of nothing, and the document's own example as its body. */
function inputOf({ path: route, documented }: Operation) {
  const params = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name ?? '', 'ghost']);
  const content = documented.requestBody?.content['application/json'];
  return { path: Object.fromEntries(params), body: content === undefined ? undefined : (content.example ?? {}) };
}

/** A typed call of a route as its examples say, which gives its success as the generated type has it. */
function typedCall({ id, method, path: route, documented }: Operation): string {
  function given(place: string) {
    return (documented.parameters ?? [])
      .filter((parameter: Json) => parameter.in === place && parameter.required)
      .map((parameter: Json) => [parameter.name, parameter.example]);
  }
  const places = ['path', 'query'].map((place) => [place, Object.fromEntries(given(place))] as const);
  const params = Object.fromEntries(places.filter(([, values]) => Object.keys(values).length > 0));
  const content: Json = Object.values(documented.requestBody?.content ?? {})[0];
  const body = content === undefined ? '' : `, body: ${JSON.stringify(content.example ?? {})}`;
  const init = `{ params: ${JSON.stringify(params)}${body} }`;
  return `export const ${id} = async (client: Client<paths>) => (await client.${method.toUpperCase()}('${route}', ${init})).data;`;
}

/** Take a name and a password, or a token, of their own: those of the examples open nothing. */
const opens = new Set(['signIn', 'signInToSimulator', 'getToken', 'refreshTokens']);

/** Every route; the one that ends the session that asks comes last. */
function inOrder(all: readonly Operation[]): Operation[] {
  function ends({ path: route }: Operation): boolean {
    return route === '/api/auth/logout';
  }
  return [...all.filter((one) => !ends(one)), ...all.filter(ends)];
}

describe('the OpenAPI document', () => {
  test('is valid for swagger-parser', async () => {
    await expect(SwaggerParser.validate(structuredClone(document))).resolves.toMatchObject({ openapi: '3.1.0' });
  });

  test('passes the recommended rules of redocly', async () => {
    const config = await createConfig({
      extends: ['recommended'],
      rules: {
        // FastAPI's paths end with a slash.
        'no-path-trailing-slash': 'off',
        // Signing out of the simulator answers with a redirect, and nothing else.
        'operation-2xx-response': 'off',
        'no-invalid-media-type-examples': { severity: 'error', allowAdditionalProperties: true },
      },
    });
    const problems = await lintFromString({ source: JSON.stringify(document), config });
    expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
  });

  test('has one entry for each route, with a name of its own and a tag in plain words', () => {
    const ids = operations.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, documented } of operations) {
      expect(id).toMatch(/^[a-z][A-Za-z]+$/);
      expect(documented.tags).toHaveLength(1);
    }
  });

  test('begins with what a client needs to know first', () => {
    const { description } = document.info;
    for (const heading of ['Which API', 'Tokens', 'Roles', 'Rate limits', 'Errors', 'Lists']) {
      expect(description).toMatch(new RegExp(`^## ${heading}`, 'm'));
    }
    const { anonymous, user, admin } = requestLimits;
    for (const limit of [anonymous, user, admin]) expect(description).toContain(limit.toLocaleString('en'));
    for (const grant of grantable) expect(description).toContain(`\`${grant}\``);
    for (const code of [
      '400 `INVALID_REQUEST`',
      '405 `METHOD_NOT_ALLOWED`',
      '415 `INVALID_REQUEST`',
      '413 `INVALID_REQUEST`',
    ])
      expect(description).toContain(code);
    const rights = new Set(
      operations.flatMap(({ documented }) => documented.security.flatMap((one: Json) => one.bearer)),
    );
    for (const right of rights) if (right) expect(description).toContain(`\`${right}\``);
  });

  test('says of every tag what it is about', () => {
    const named = document.tags.map((tag: Json) => tag.name);
    expect(new Set(operations.flatMap(({ documented }) => documented.tags))).toEqual(new Set(named));
  });

  test('says the types of query parameters', () => {
    function typeOf(route: string, method: string, name: string) {
      return document.paths[route][method].parameters.find((parameter: Json) => parameter.name === name)?.schema.type;
    }
    expect(typeOf('/api/containers/{container_id}', 'delete', 'force')).toBe('boolean');
    expect(typeOf('/api/containers/{container_id}/logs', 'get', 'follow')).toBe('boolean');
    expect(typeOf('/api/servers', 'get', 'page')).toBe('integer');
  });

  test('shows a success of each route that its schema allows, and a body for each that takes fields', () => {
    const check = createChecker(document);
    for (const operation of operations) {
      const { id, documented } = operation;
      for (const [status, response] of Object.entries<Json>(documented.responses)) {
        const json = response.content?.['application/json'];
        if (json === undefined) continue;
        expect(json.example, `${id} ${status}`).toBeDefined();
        check(operation, Number(status), json.example);
        const events = response.content['text/event-stream'];
        if (events !== undefined) expect(events.example, id).toMatch(/^(event: \w+\n)?(id: .+\n)?data: \{.*\}\n\n$/);
      }
      for (const { schema, example } of Object.values<Json>(documented.requestBody?.content ?? {})) {
        if (Object.keys(schema.properties ?? {}).length > 0) expect(example, `${id} takes a body`).toBeDefined();
      }
    }
  });

  test('speaks of one server, account and group in all examples', () => {
    const named = JSON.stringify(operations.map(({ documented }) => documented.responses));
    function idsOf(key: string) {
      return new Set([...named.matchAll(new RegExp(`"${key}":"([^"]+)"`, 'g'))].map(([, id]) => id));
    }
    expect(idsOf('groupId')).toEqual(new Set(['dev-team']));
    expect(idsOf('userId')).toEqual(new Set(['user123', 'user100']));
    expect(idsOf('serverId')).toEqual(new Set(['server-1', 'minimax-mcp']));
    for (const { id, documented } of operations) {
      for (const parameter of documented.parameters ?? []) {
        if (parameter.in === 'path') expect(parameter.example, `${id} ${parameter.name}`).toBeDefined();
      }
    }
  });

  test('says in words what a parameter means, why a field is null, and the unit of a number', () => {
    const silent = new Set<string>();
    function look(schema: Json, where: string): void {
      if (schema.$ref) return look(document.components.schemas[schema.$ref.split('/').at(-1)], where);
      const types = [schema.type, ...(schema.anyOf ?? []).map((one: Json) => one.type)].flat();
      const isTold = schema.description !== undefined;
      if (!isTold && where.includes('.') && types.some((type) => ['null', 'number', 'integer'].includes(type)))
        silent.add(where);
      for (const [name, property] of Object.entries<Json>(schema.properties ?? {})) look(property, `${where}.${name}`);
      for (const inner of [schema.items, ...(schema.anyOf ?? [])]) if (inner) look(inner, where.split('.')[0] ?? '');
    }
    for (const { id, documented } of operations) {
      for (const parameter of documented.parameters ?? []) {
        if (parameter.description === undefined) silent.add(`${id}?${parameter.name}`);
      }
      for (const [status, response] of Object.entries<Json>(documented.responses)) {
        const schema = response.content?.['application/json']?.schema;
        if (Number(status) < 300 && schema) look(schema, id);
      }
    }
    expect([...silent]).toEqual([]);
  });

  test('types every error, with the codes that programs may meet', () => {
    for (const { id, documented } of operations) {
      for (const [status, response] of Object.entries<Json>(documented.responses)) {
        if (Number(status) < 400) continue;
        const { schema } = response.content['application/json'];
        expect(JSON.stringify(schema), `${id} ${status}`).toMatch(/#\/components\/schemas\/\w+Error/);
      }
    }
    const create = document.paths['/api/servers'].post.responses;
    expect(create['409'].content['application/json'].schema.allOf[1].properties.error.properties.code.enum).toEqual([
      'RESOURCE_CONFLICT',
    ]);
  });
});

describe('clients made from the document', () => {
  test('of openapi-typescript have types for every route, and of openapi-fetch get documented answers', async () => {
    const file = path.join(directory, 'openapi.d.ts');
    const generator = path.join(
      path.dirname(fileURLToPath(import.meta.resolve('openapi-typescript'))),
      '../bin/cli.js',
    );
    await run(process.execPath, [generator, path.join(directory, 'openapi.json'), '-o', file]);
    // Each route is called as its example says, and each body and parameter has the type that was generated.
    const fetching = fileURLToPath(import.meta.resolve('openapi-fetch'));
    const program = [
      "import type { paths } from './openapi.d.ts';",
      `import type { Client } from '${fetching}';`,
      ...operations.map(typedCall),
    ];
    writeFileSync(path.join(directory, 'program.ts'), program.join('\n'));
    const tsc = fileURLToPath(import.meta.resolve('typescript')).replace(/lib[\\/]typescript\.js$/, 'bin/tsc');
    const flags = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      'false',
      '--allowImportingTsExtensions',
      '--target',
      'es2022',
    ];
    await run(process.execPath, [tsc, ...flags, '--moduleResolution', 'bundler', '--module', 'esnext', 'program.ts'], {
      cwd: directory,
    }).catch((error: { stdout?: string }) => expect(error.stdout ?? String(error)).toBe(''));

    const check = createChecker(document);
    const { token } = await signInAs(app, 'admin', adminPassword);
    // A redirect is an answer like any other.
    const plain = { baseUrl: app.url, redirect: 'manual' } as const;
    const client = createFetchClient<Json>({ ...plain, headers: { authorization: `Bearer ${token}` } });
    const anonymous = createFetchClient<Json>(plain);
    const called = new Set<string>();
    for (const operation of inOrder(operations)) {
      const { path: params, body } = inputOf(operation);
      for (const as of [anonymous, client]) {
        const init = { params: { path: params }, ...(body !== undefined && { body }) };
        const { response, data, error } = await as.request(operation.method as 'get', operation.path, init as never);
        check(operation, response.status, response.ok ? data : error);
        if (as === client && response.status !== 401) called.add(operation.id);
      }
    }
    // Whoever is signed in is told about the request, and not about credentials.
    expect(operations.map(({ id }) => id).filter((id) => !called.has(id) && !opens.has(id))).toEqual([]);
  });

  test('of hey-api have a function for every route that gets a documented answer', async () => {
    const output = path.join(directory, 'client');
    await run(process.execPath, [
      '--import',
      beside('./typescript-5.mjs'),
      beside('./generate.mjs'),
      path.join(directory, 'openapi.json'),
      output,
    ]);
    const bundle = path.join(directory, 'client.mjs');
    await build({
      stdin: {
        contents: "export * from './sdk.gen'; export { client } from './client.gen';",
        resolveDir: output,
        loader: 'ts',
      },
      bundle: true,
      format: 'esm',
      platform: 'node',
      outfile: bundle,
      logLevel: 'silent',
    });
    const sdk: Record<string, Json> = await import(pathToFileURL(bundle).href);
    const { token } = await signInAs(app, 'admin', adminPassword);
    sdk['client'].setConfig({ baseUrl: app.url, redirect: 'manual', headers: { authorization: `Bearer ${token}` } });
    const check = createChecker(document);
    for (const operation of inOrder(operations)) {
      const call = sdk[operation.id];
      expect(typeof call, operation.id).toBe('function');
      const { response, data, error } = await call(inputOf(operation));
      check(operation, response.status, response.ok ? data : error);
    }
  });
});
