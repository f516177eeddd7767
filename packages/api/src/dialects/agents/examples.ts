import { world } from '../kit/example-world.ts';
import { done } from './map.ts';

/** Answers of the agents API, as the document shows them. */

const model = { name: world.model, base_url: 'https://api.openai.com', api_key: '***' as const, model: world.model };

export const models = {
  list: [model],
  one: { status: 'success', data: { ...model, protocol: 'openai' } },
  added: done("模型 'claude-3' 添加成功"),
  changed: done(`模型 '${world.model}' 更新成功`),
  removed: done(`模型 '${world.model}' 删除成功`),
};

const usage = { total_tokens: 1000, prompt_tokens: 600, completion_tokens: 400 };
const conversation = {
  _id: world.conversation,
  conversation_id: world.conversation,
  user_id: 'default_user',
  type: 'chat',
  generation_type: 'chat',
  title: '新对话',
  created_at: '2023-01-01T00:00:00',
  updated_at: '2023-01-01T00:05:00',
  round_count: 1,
  total_token_usage: usage,
  status: 'active',
  tags: [],
};
const asked = { role: 'user', content: '你好' };
const answered = { role: 'assistant', content: '你好！' };
function conversationDone(message: string) {
  return { ...done(message), conversation_id: world.conversation };
}

const chunk = {
  id: 'chatcmpl-123',
  object: 'chat.completion.chunk',
  created: 1_672_531_200,
  model: world.model,
  choices: [{ index: 0, delta: { content: '你好！' }, finish_reason: null }],
};

export const chat = {
  body: { user_prompt: '你好', model_name: world.model, stream: true },
  response: {
    id: 'chatcmpl-123',
    object: 'chat.completion',
    created: 1_672_531_200,
    model: world.model,
    messages: [asked, answered],
    output: '你好！',
    choices: [{ index: 0, message: answered, finish_reason: 'stop' }],
    usage,
  },
  stream: `data: ${JSON.stringify(chunk)}\n\n`,
};

export const conversations = {
  list: { conversations: [conversation], total_count: 1 },
  one: { ...conversation, rounds: [{ round: 1, messages: [asked, answered] }] },
  status: { ...conversationDone('对话状态更新成功'), new_status: 'active' },
  removed: conversationDone(`对话 '${world.conversation}' 已永久删除`),
  title: { ...conversationDone('对话标题更新成功'), title: '新标题' },
  tags: { ...conversationDone('对话标签更新成功'), tags: ['标签1', '标签2'] },
  compacted: {
    ...conversationDone('对话压缩成功'),
    compact_type: 'precise',
    statistics: {
      original_rounds: 5,
      original_messages: 20,
      compacted_rounds: 5,
      compacted_messages: 20,
      compression_ratio: 0,
      tool_contents_summarized: 3,
      original_tokens: 5000,
      compressed_tokens: 2000,
      reduction_rate: '60%',
    },
  },
};

const node = {
  name: 'node1',
  description: '',
  model_name: world.model,
  mcp_servers: [],
  system_prompt: '你是一个助手',
  user_prompt: '',
  input_nodes: [],
  output_nodes: [],
  handoffs: 0,
  global_output: false,
  context: [],
  context_mode: 'all',
  context_n: 1,
  output_enabled: true,
  is_subgraph: false,
  subgraph_name: '',
  level: 0,
};
const graph = { name: world.graph, description: '我的图', nodes: [node], end_template: '' };
const script = '#!/usr/bin/env python3\n…';

const made = { type: 'conversation_created', conversation_id: 'gen_0f5b3c1e2f0a4b53' };

const tool = { tool_name: 'weather_tool', message: "MCP工具 'weather_tool' 生成成功，审核并启用后可用" };

export const generation = {
  prompt: { prompt: 'You make a graph of agents together with a person.\n…' },
  change: { prompt: 'You make a graph of agents together with a person.\n…', has_graph_config: 'True' as const },
  template: {
    template: 'You make an MCP server in Python together with a person.\n…',
    note: '将模板中的需求描述替换为您的具体需求后使用',
  },
  graph: {
    body: { requirement: '创建一个数据分析流程', model_name: world.model },
    response: { conversation_id: made.conversation_id, completion: { graph_name: world.graph, message: '图生成成功' } },
    stream: `data: ${JSON.stringify(made)}\n\n`,
  },
  tool: {
    body: { requirement: '创建一个天气查询工具', model_name: world.model },
    response: { conversation_id: 'mcp_0f5b3c1e2f0a4b53', completion: tool },
    stream: `data: ${JSON.stringify({ ...made, conversation_id: 'mcp_0f5b3c1e2f0a4b53' })}\n\n`,
  },
};

export const graphs = {
  list: [world.graph],
  one: graph,
  body: {
    name: world.graph,
    description: '我的图',
    nodes: [{ name: 'node1', model_name: world.model, system_prompt: '你是一个助手' }],
  },
  readme: { name: world.graph, config: graph, readme: `# ${world.graph}\n…` },
  saved: done(`图 '${world.graph}' 保存成功`),
  removed: done(`图 '${world.graph}' 删除成功`),
  renamed: done(`图 '${world.graph}' 重命名为 'new_graph' 成功`),
  script: {
    graph_name: world.graph,
    script,
    default_script: script,
    sequential_script: script,
    node_script: '#!/usr/bin/env node\n…',
  },
  execute: {
    body: { graph_name: world.graph, input_text: '输入内容', conversation_id: world.conversation },
    response: {
      status: 'started',
      conversation_id: world.conversation,
      message: `图 '${world.graph}' 已在后台开始执行`,
    },
    stream: `data: ${JSON.stringify({ type: 'node_start', node_name: 'node1', level: 0 })}\n\n`,
  },
};
