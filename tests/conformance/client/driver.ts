/**
 * What the official suite runs as the client under test: it registers the scenario's server at a running hub, signs in as
 * a person where the hub says so, and calls what the server offers, through the hub. What the suite then sees is the hub.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createClient } from '@switchboard/api/client';

const hubUrl = process.env['HUB_URL'] ?? '';
const token = process.env['HUB_TOKEN'] ?? '';
const scenario = process.env['MCP_CONFORMANCE_SCENARIO'] ?? '';
const context = JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}') as Record<string, unknown>;
const url = process.argv.at(-1) ?? '';
const id = `c${randomBytes(6).toString('hex')}`;
const hub = createClient(hubUrl, { token });
/** How often a person signs in before giving up. */
const mostSignIns = 4;
let signedIn = 0;

/** The suite starts a program for each scenario at once, and a busy machine may have no time for its database meanwhile. */
async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries >= 100 || !String(error).includes('database is away')) throw error;
      await sleep(300);
    }
  }
}

function say(text: string): void {
  process.stdout.write(`[driver] ${text}\n`);
}

function word(name: string): string | null {
  const value = context[name];
  return typeof value === 'string' ? value : null;
}

/** The settings that somebody who was told this much would make. */
function settings() {
  const clientId = word('client_id');
  const secrets = {
    ...(word('client_secret') !== null && { client_secret: word('client_secret') ?? '' }),
    ...(word('private_key_pem') !== null && { private_key: word('private_key_pem') ?? '' }),
  };
  const who = scenario.startsWith('auth/client-credentials') ? ('hub' as const) : ('person' as const);
  return { secrets, ...(clientId !== null && { signIn: { who, clientId } }) };
}

async function isWanted(): Promise<boolean> {
  const { status } = await patiently(() => hub.servers.get.query({ id }));
  return (
    (status.needsSignIn && status.phase === 'error') || (await patiently(() => hub.signIns.get.query({ id }))).wanted
  );
}

/** Goes where the hub sends a person, agrees there, and brings the answer back. */
async function signIn(): Promise<boolean> {
  if (signedIn >= mostSignIns) return false;
  signedIn += 1;
  const begun = await patiently(() => hub.signIns.begin.mutate({ id })).catch((error: unknown) => {
    say(`The sign-in could not begin: ${String(error)}`);
    return null;
  });
  if (begun?.url == null) return false;
  say(`to ${begun.url}`);
  const answer = await fetch(begun.url, { redirect: 'manual' });
  const location = answer.headers.get('location');
  await answer.body?.cancel();
  if (location === null) return false;
  const back = new URL(location);
  const came = await fetch(`${hubUrl}${back.pathname}${back.search}`, {
    redirect: 'manual',
    headers: { authorization: `Bearer ${token}` },
  });
  say(`back with HTTP ${came.status}`);
  await came.body?.cancel();
  const { attempt } = await patiently(() => hub.signIns.get.query({ id }));
  if (attempt?.state === 'failed') say(`failed: ${attempt.failure?.text ?? ''}`);
  return attempt?.state === 'done';
}

async function settled(): Promise<string> {
  for (let look = 0; look < 600; look += 1) {
    const { status } = await patiently(() => hub.servers.get.query({ id }));
    if (status.phase === 'running') return status.phase;
    if (await isWanted()) return 'needs-sign-in';
    if (status.phase === 'error') return status.phase;
    await sleep(200);
  }
  return 'starting';
}

async function bringUp(): Promise<string> {
  for (;;) {
    const state = await settled();
    if (state !== 'needs-sign-in') return state;
    if (!(await signIn())) return state;
    await sleep(200);
  }
}

/** Arguments that a tool's schema takes. */
function argumentsFor(schema: { properties?: Record<string, { type?: unknown }>; required?: string[] }) {
  const values: Record<string, unknown> = {
    string: 'text',
    number: 1,
    integer: 1,
    boolean: true,
    object: {},
    array: [],
  };
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, { type }]) => [name, values[String(type)] ?? 'text']),
  );
}

async function call(): Promise<void> {
  const client = new Client(
    { name: 'driver', version: '1.0.0' },
    {
      capabilities: { elicitation: { form: { applyDefaults: true } }, sampling: {}, roots: {} },
      versionNegotiation: { mode: scenario === 'elicitation-sep1034-client-defaults' ? 'legacy' : 'auto' },
    },
  );
  client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: {} }));
  const transport = new StreamableHTTPClientTransport(new URL(`${hubUrl}/mcp/${id}`), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  });
  await client.connect(transport);
  try {
    const { tools } = await client.listTools();
    // One scenario wants to hear what came of another tool's schema on its way.
    const focal = tools.find((tool) => '$schema' in tool.inputSchema && '$defs' in tool.inputSchema);
    for (const tool of tools) await callTool(client, tool, focal?.inputSchema);
  } finally {
    await client.close();
  }
}

async function callTool(
  client: Client,
  tool: { name: string; inputSchema: object },
  heard: object | undefined,
): Promise<void> {
  const calls = (context['toolCalls'] as { name: string; arguments: Record<string, unknown> }[] | undefined) ?? [];
  const given = calls.filter(({ name }) => tool.name.endsWith(name)).map((asked) => asked.arguments);
  const made = argumentsFor(tool.inputSchema);
  const usual = 'schema' in made && heard !== undefined ? { ...made, schema: heard } : made;
  for (const args of given.length > 0 ? given : [usual]) {
    for (;;) {
      const failure = await client.callTool({ name: tool.name, arguments: args }).then(
        () => null,
        (error: unknown) => String(error),
      );
      if (failure === null) break;
      say(`${tool.name}: ${failure}`);
      if (!(await isWanted()) || !(await signIn())) break;
      await bringUp();
    }
  }
}

await patiently(() => hub.servers.create.mutate({ id, kind: 'streamable-http', url, ...settings() }));
try {
  const state = await bringUp();
  say(`${scenario}: ${state}`);
  while ((await isWanted()) && (await signIn())) await bringUp();
  if (state === 'running') await call();
} finally {
  await patiently(() => hub.servers.remove.mutate({ id }));
}
