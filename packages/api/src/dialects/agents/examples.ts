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
