import { world } from '../kit/example-world.ts';

/** Answers of the simulator's management API, as the document shows them. */

const action = {
  name: 'scan',
  display_name: '扫描',
  description: '执行扫描',
  parameters: [{ key: 'target', type: 'String', required: true, description: '扫描目标' }],
};
const body = {
  category: 'Security',
  name: 'NewScanner',
  display_name: '新扫描器',
  description: '扫描器描述',
  ai_notes: '特殊要求说明',
  actions: [action],
};
const created = '2024-10-17T10:00:00Z';

export const apps = {
  body,
  app: {
    id: world.app,
    ...body,
    enabled: true,
    actions: [{ ...action, input_schema: null, output_schema: null, annotations: null, answers: [], changes: null }],
    initial_state: {},
    seed: null,
    profile: null,
    faults: [],
    visibility: 'private',
    created_at: created,
    updated_at: created,
  },
};

const { id: _id, visibility: _visibility, created_at: _created, updated_at: _updated, ...application } = apps.app;
export const transfer = {
  application,
  imported: {
    success: true,
    total: 2,
    created: 1,
    updated: 0,
    failed: 1,
    errors: [{ index: 1, app: 'Security/?', error: 'name: Invalid input' }],
  },
  wanted: {
    category: 'Security',
    name: 'NewScanner',
    display_name: '新扫描器',
    description: '扫描器描述',
    prompt: '能扫描主机和网址',
  },
};

export const tokens = {
  app: apps.app,
  demo: {
    id: 1,
    token: 'demo-token-123',
    description: '演示Token',
    enabled: true,
    apps_count: 5,
    created_at: created,
    last_used: null,
  },
  made: { id: world.appToken, token: 'auto-generated-token-xyz', description: '新Token', enabled: true },
};

export const prompts = {
  simulation: {
    id: 1,
    name: 'response_simulation',
    display_name: '响应模拟提示词',
    description: '用于模拟MCP工具调用响应',
    template: '你是{app_display_name}系统的模拟器...',
    variables: [{ name: 'app_display_name', description: '产品名称' }],
    enabled: true,
  },
};

const settings = {
  api_base_url: 'https://api.openai.com/v1',
  model_name: 'gpt-4o-mini',
  enable_thinking: false,
  enable_stream: false,
};
export const llm = {
  shown: { api_key: 'sk-xxx***xxxx', ...settings },
  given: { api_key: 'sk-xxxxxxxxxxxxxxxx', ...settings },
  tested: {
    success: true,
    message: '连接测试成功',
    model: 'gpt-4o-mini',
    response: '我是一个AI助手...',
    duration: '1.23秒',
  },
  failed: { success: false, error: 'API Key无效或网络连接失败' },
};

export const logs = {
  created: {
    id: 123,
    user_id: 1,
    username: 'admin',
    action: 'create_app',
    target_type: 'Application',
    target_id: world.app,
    details: { category: 'Security', name: 'NewScanner' },
    ip_address: '127.0.0.1',
    created_at: '2024-10-17T15:30:00Z',
  },
};
