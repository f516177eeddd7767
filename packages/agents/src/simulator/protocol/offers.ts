import type { JsonObject } from '../../types.ts';
import { shown } from '../bounds.ts';
import type { CompiledApp } from '../compile.ts';
import { errorCodes, invalidParams, Refusal } from './message.ts';

const mimeType = 'application/json';

function uriOf({ app }: CompiledApp, what: string): string {
  return `unimcpsim://${app.category}/${app.name}/${what}`;
}

/** The resources of a product, as they are listed. */
export function resourcesOf(compiled: CompiledApp): JsonObject[] {
  const { name } = compiled.app;
  return [
    { uri: uriOf(compiled, 'status'), name: '服务状态', description: `获取${name}服务的当前状态`, mimeType },
    { uri: uriOf(compiled, 'actions'), name: '动作列表', description: `获取${name}提供的全部动作定义`, mimeType },
  ];
}

function statusOf({ app }: CompiledApp, lastCalledAt: string | null): JsonObject {
  return {
    category: app.category,
    product: app.name,
    status: 'running',
    enabled: true,
    actions_count: app.actions.length,
    last_called_at: lastCalledAt,
  };
}

function actionsOf({ app, tools }: CompiledApp): JsonObject {
  return { category: app.category, product: app.name, actions: tools };
}

/** The result of `resources/read`; throws Refusal where there is no such resource. */
export function readResource(compiled: CompiledApp, uri: unknown, lastCalledAt: string | null): JsonObject {
  if (typeof uri !== 'string') throw invalidParams('resources/read needs uri, a string');
  const value =
    uri === uriOf(compiled, 'status')
      ? statusOf(compiled, lastCalledAt)
      : uri === uriOf(compiled, 'actions')
        ? actionsOf(compiled)
        : null;
  if (value === null) throw new Refusal(errorCodes.notFound, `Resource not found: ${shown(uri)}`, { uri: shown(uri) });
  return { contents: [{ uri, mimeType, text: JSON.stringify(value, null, 2) }] };
}

interface Prompt {
  name: string;
  description: string;
  argument: { name: string; description: string };
  text(value: string, product: string): string;
}

const securityScan: Prompt = {
  name: 'security_scan',
  description: '执行安全扫描任务',
  argument: { name: 'target', description: '扫描目标' },
  text: (target, product) => `请使用${product}提供的工具对以下目标执行安全扫描，并汇总发现的风险和处置建议：${target}`,
};

const useProduct: Prompt = {
  name: 'use_product',
  description: '使用产品完成任务',
  argument: { name: 'task', description: '任务描述' },
  text: (task, product) => `请使用${product}提供的工具完成以下任务，并说明执行过程和结果：${task}`,
};

function promptOf({ app }: CompiledApp): Prompt {
  return app.category.toLowerCase() === 'security' ? securityScan : useProduct;
}

/** The prompts of a product, as they are listed. */
export function promptsOf(compiled: CompiledApp): JsonObject[] {
  const { name, description, argument } = promptOf(compiled);
  return [{ name, description, arguments: [{ ...argument, required: true }] }];
}

/** The result of `prompts/get`; throws Refusal where there is no such prompt, or its argument is missing. */
export function getPrompt(compiled: CompiledApp, name: unknown, args: JsonObject): JsonObject {
  const prompt = promptOf(compiled);
  if (name !== prompt.name) {
    throw invalidParams(`there is no prompt ${typeof name === 'string' ? shown(name) : ''}; there is ${prompt.name}`);
  }
  const value = args[prompt.argument.name];
  if (typeof value !== 'string' || value === '') {
    throw invalidParams(`${prompt.argument.name} is missing`, {
      fields: [{ field: prompt.argument.name, problem: 'required' }],
    });
  }
  const text = prompt.text(value, compiled.app.displayName || compiled.app.name);
  return { description: prompt.description, messages: [{ role: 'user', content: { type: 'text', text } }] };
}
