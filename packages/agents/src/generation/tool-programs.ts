/** Small MCP servers without packages: the start for a model, as its prompt has it. */

const python = `import json
import sys


def greet(given):
    return f"Hello, {given['name']}."


TOOLS = {
    "greet": {
        "description": "Greets somebody by name.",
        "inputSchema": {
            "type": "object",
            "properties": {"name": {"type": "string", "description": "Who is greeted"}},
            "required": ["name"],
        },
        "run": greet,
    },
}


def call(params):
    tool = TOOLS.get(params.get("name"))
    if tool is None:
        return {"content": [{"type": "text", "text": "There is no such tool."}], "isError": True}
    try:
        text = str(tool["run"](params.get("arguments") or {}))
        return {"content": [{"type": "text", "text": text}], "isError": False}
    except Exception as error:
        return {"content": [{"type": "text", "text": f"{type(error).__name__}: {error}"}], "isError": True}


def answer(method, params):
    if method == "initialize":
        return {
            "protocolVersion": params.get("protocolVersion", "2025-06-18"),
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "demo_tool", "version": "1.0.0"},
        }
    if method == "ping":
        return {}
    if method == "tools/list":
        shown = ("description", "inputSchema")
        return {"tools": [{"name": name, **{key: tool[key] for key in shown}} for name, tool in TOOLS.items()]}
    if method == "tools/call":
        return call(params)
    return None


for line in sys.stdin:
    if not line.strip():
        continue
    message = json.loads(line)
    if "id" not in message or "method" not in message:
        continue
    result = answer(message["method"], message.get("params") or {})
    reply = {"jsonrpc": "2.0", "id": message["id"]}
    if result is None:
        reply["error"] = {"code": -32601, "message": "There is no such method."}
    else:
        reply["result"] = result
    print(json.dumps(reply), flush=True)
`;

const node = `import { createInterface } from 'node:readline';

const tools = {
  greet: {
    description: 'Greets somebody by name.',
    inputSchema: {
      type: 'object',
      properties: { name: { type: 'string', description: 'Who is greeted' } },
      required: ['name'],
    },
    run: ({ name }) => \`Hello, \${name}.\`,
  },
};

async function call({ name, arguments: given = {} }) {
  if (!Object.hasOwn(tools, name)) return { content: [{ type: 'text', text: 'There is no such tool.' }], isError: true };
  try {
    const text = String(await tools[name].run(given));
    return { content: [{ type: 'text', text }], isError: false };
  } catch (error) {
    return { content: [{ type: 'text', text: String(error) }], isError: true };
  }
}

async function answer(method, params) {
  if (method === 'initialize') {
    return {
      protocolVersion: params.protocolVersion ?? '2025-06-18',
      capabilities: { tools: {} },
      serverInfo: { name: 'demo_tool', version: '1.0.0' },
    };
  }
  if (method === 'ping') return {};
  if (method === 'tools/list') {
    const listed = Object.entries(tools).map(([name, { description, inputSchema }]) => ({
      name,
      description,
      inputSchema,
    }));
    return { tools: listed };
  }
  return method === 'tools/call' ? call(params) : null;
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === '') continue;
  const { id, method, params = {} } = JSON.parse(line);
  if (id === undefined || method === undefined) continue;
  const result = await answer(method, params);
  const told = result === null ? { error: { code: -32601, message: 'There is no such method.' } } : { result };
  console.log(JSON.stringify({ jsonrpc: '2.0', id, ...told }));
}
`;

/** The language of a tool. */
export type ToolLanguage = 'python' | 'node';

interface Program {
  /** As people call the language. */
  title: string;
  file: string;
  text: string;
  /** The libraries that it may use. */
  uses: string;
}

export const toolPrograms: Readonly<Record<ToolLanguage, Program>> = {
  python: { title: 'Python', file: 'main.py', text: python, uses: 'the standard library of Python 3' },
  node: { title: 'JavaScript', file: 'main.mjs', text: node, uses: 'modules of Node, as `node:crypto`' },
};
