import type { Graph } from './schema.ts';

/** Text as a JSON string of ASCII, which Python and JavaScript read alike. */
function literal(text: string): string {
  const escaped = JSON.stringify(text).replaceAll(/[^\x20-\x7e]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return escaped;
}

/** The name of the tool that runs a graph. */
export function graphToolName(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9_-]+/g, '_').slice(0, 48);
  return `run_${/[A-Za-z0-9]/.test(plain) ? plain : 'graph'}`;
}

interface Filled {
  graph: string;
  tool: string;
  description: string;
  url: string;
}

function fill(program: string, { graph, tool, description, url }: Filled): string {
  return program
    .replaceAll('__GRAPH__', () => graph)
    .replaceAll('__TOOL__', () => tool)
    .replaceAll('__DESCRIPTION__', () => description)
    .replaceAll('__URL__', () => url);
}

const python = `#!/usr/bin/env python3
"""An MCP server over stdio with one tool, which runs a graph of a Switchboard hub. It needs nothing but Python 3.

SWITCHBOARD_API_KEY: a key of the hub. SWITCHBOARD_URL: where the hub is, if it is elsewhere.
"""
import json
import os
import sys
import urllib.error
import urllib.request

GRAPH = __GRAPH__
TOOL = __TOOL__
DESCRIPTION = __DESCRIPTION__
URL = os.environ.get("SWITCHBOARD_URL", __URL__).rstrip("/")
KEY = os.environ.get("SWITCHBOARD_API_KEY", "")
SCHEMA = {
    "type": "object",
    "properties": {
        "input_text": {"type": "string", "description": "What the graph is given"},
        "conversation_id": {"type": "string", "description": "Of a run that goes on"},
    },
    "required": ["input_text"],
}


def run(arguments):
    body = {"graph_name": GRAPH, "input_text": arguments.get("input_text", "")}
    if arguments.get("conversation_id"):
        body["conversation_id"] = arguments["conversation_id"]
    headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
    if KEY:
        headers["Authorization"] = "Bearer " + KEY
    request = urllib.request.Request(URL + "/graphs/execute", json.dumps(body).encode(), headers)
    conversation, result, failure = "", None, None
    with urllib.request.urlopen(request) as answer:
        for raw in answer:
            line = raw.decode("utf-8", "replace").strip()
            if not line.startswith("data:"):
                continue
            data = line[5:].strip()
            if data == "[DONE]":
                break
            try:
                event = json.loads(data)
            except ValueError:
                continue
            if event.get("type") == "conversation_created":
                conversation = event.get("conversation_id", "")
            elif event.get("type") == "graph_complete":
                result = event.get("final_result", "")
            elif "error" in event:
                failure = event["error"].get("message", "The run failed.")
    if result is None:
        return failure or "The run ended without a result.", True, conversation
    return result, False, conversation


def call(arguments):
    try:
        text, failed, conversation = run(arguments)
    except urllib.error.HTTPError as error:
        text, failed, conversation = "HTTP %d: %s" % (error.code, error.read().decode("utf-8", "replace")), True, ""
    except OSError as error:
        text, failed, conversation = "The hub cannot be reached: %s" % error, True, ""
    structured = {"result": text, "conversation_id": conversation}
    return {"content": [{"type": "text", "text": text}], "structuredContent": structured, "isError": failed}


def answer(message):
    method, params = message.get("method"), message.get("params") or {}
    if method == "initialize":
        version = params.get("protocolVersion", "2025-06-18")
        info = {"name": TOOL, "version": "1.0.0"}
        return {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": info}
    if method == "ping":
        return {}
    if method == "tools/list":
        return {"tools": [{"name": TOOL, "description": DESCRIPTION, "inputSchema": SCHEMA}]}
    if method == "tools/call" and params.get("name") == TOOL:
        return call(params.get("arguments") or {})
    return None


for text in sys.stdin:
    try:
        message = json.loads(text)
    except ValueError:
        continue
    if "id" not in message or "method" not in message:
        continue
    result = answer(message)
    reply = {"jsonrpc": "2.0", "id": message["id"]}
    if result is None:
        reply["error"] = {"code": -32601, "message": "There is no such method or tool."}
    else:
        reply["result"] = result
    sys.stdout.write(json.dumps(reply) + "\\n")
    sys.stdout.flush()
`;

const node = `#!/usr/bin/env node
// An MCP server over stdio with one tool, which runs a graph of a Switchboard hub. It needs nothing but Node 22 or newer.
// SWITCHBOARD_API_KEY: a key of the hub. SWITCHBOARD_URL: where the hub is, if it is elsewhere.
const { env, stdin, stdout } = globalThis.process;
const { createInterface } = globalThis.process.getBuiltinModule('node:readline');

const graph = __GRAPH__;
const tool = __TOOL__;
const description = __DESCRIPTION__;
const url = (env.SWITCHBOARD_URL ?? __URL__).replace(/[/]$/, '');
const key = env.SWITCHBOARD_API_KEY ?? '';
const inputSchema = {
  type: 'object',
  properties: {
    input_text: { type: 'string', description: 'What the graph is given' },
    conversation_id: { type: 'string', description: 'Of a run that goes on' },
  },
  required: ['input_text'],
};

async function run({ input_text = '', conversation_id }) {
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  if (key !== '') headers.authorization = 'Bearer ' + key;
  const body = JSON.stringify({ graph_name: graph, input_text, conversation_id: conversation_id || undefined });
  const answer = await fetch(url + '/graphs/execute', { method: 'POST', headers, body });
  if (!answer.ok) return { text: 'HTTP ' + answer.status + ': ' + (await answer.text()), isError: true };
  let conversation = '';
  let result;
  let failure = 'The run ended without a result.';
  let rest = '';
  for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split('\\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('data:') || line.includes('[DONE]')) continue;
      const event = JSON.parse(line.slice(5));
      if (event.type === 'conversation_created') conversation = event.conversation_id;
      else if (event.type === 'graph_complete') result = event.final_result;
      else if (event.error) failure = event.error.message;
    }
  }
  return { text: result ?? failure, isError: result === undefined, conversation };
}

async function answer({ method, params = {} }) {
  if (method === 'initialize') {
    const protocolVersion = params.protocolVersion ?? '2025-06-18';
    return { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: tool, version: '1.0.0' } };
  }
  if (method === 'ping') return {};
  if (method === 'tools/list') return { tools: [{ name: tool, description, inputSchema }] };
  if (method !== 'tools/call' || params.name !== tool) return undefined;
  const { text, isError, conversation = '' } = await run(params.arguments ?? {}).catch((error) => ({
    text: 'The hub cannot be reached: ' + error.message,
    isError: true,
  }));
  const structuredContent = { result: text, conversation_id: conversation };
  return { content: [{ type: 'text', text }], structuredContent, isError };
}

for await (const text of createInterface({ input: stdin })) {
  let message;
  try {
    message = JSON.parse(text);
  } catch {
    continue;
  }
  if (message.id === undefined || message.method === undefined) continue;
  const result = await answer(message);
  const error = { code: -32601, message: 'There is no such method or tool.' };
  const reply = { jsonrpc: '2.0', id: message.id, ...(result === undefined ? { error } : { result }) };
  stdout.write(JSON.stringify(reply) + '\\n');
}
`;

/**
 * Programs that serve a graph as an MCP server over stdio, with one tool (`input_text`, `conversation_id`): one for Python 3
 * with its standard library, one for Node. They call the hub at `baseUrl` with the key in SWITCHBOARD_API_KEY.
 */
export function scriptsOf(graph: Graph, baseUrl: string): { python: string; node: string } {
  const filled: Filled = {
    graph: literal(graph.name),
    tool: literal(graphToolName(graph.name)),
    description: literal(graph.description.slice(0, 1_000) || `Runs the graph ${graph.name}`),
    url: literal(baseUrl),
  };
  return { python: fill(python, filled), node: fill(node, filled) };
}
