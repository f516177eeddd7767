import type { ModelProtocol } from './protocol.ts';

/** A provider that is commonly used: how it is reached, and whether it wants a key. */
export interface Preset {
  id: string;
  title: string;
  baseUrl: string;
  protocol: ModelProtocol;
  needsKey: boolean;
  /** A model of it, as an example of its names. */
  example: string;
  /** It usually runs on this machine. */
  isLocal?: true;
}

export const presets: readonly Preset[] = [
  {
    id: 'openai',
    title: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    protocol: 'openai',
    needsKey: true,
    example: 'gpt-4o',
  },
  {
    id: 'anthropic',
    title: 'Anthropic',
    baseUrl: 'https://api.anthropic.com',
    protocol: 'anthropic',
    needsKey: true,
    example: 'claude-sonnet-4-5',
  },
  {
    id: 'deepseek',
    title: 'DeepSeek',
    baseUrl: 'https://api.deepseek.com/v1',
    protocol: 'openai',
    needsKey: true,
    example: 'deepseek-chat',
  },
  {
    id: 'qwen',
    title: 'Qwen (DashScope)',
    baseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
    protocol: 'openai',
    needsKey: true,
    example: 'qwen-plus',
  },
  {
    id: 'moonshot',
    title: 'Moonshot',
    baseUrl: 'https://api.moonshot.cn/v1',
    protocol: 'openai',
    needsKey: true,
    example: 'kimi-latest',
  },
  {
    id: 'zhipu',
    title: 'Zhipu',
    baseUrl: 'https://open.bigmodel.cn/api/paas/v4',
    protocol: 'openai',
    needsKey: true,
    example: 'glm-4.5',
  },
  {
    id: 'openrouter',
    title: 'OpenRouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    protocol: 'openai',
    needsKey: true,
    example: 'openai/gpt-4o',
  },
  {
    id: 'ollama',
    title: 'Ollama',
    baseUrl: 'http://127.0.0.1:11434/v1',
    protocol: 'openai',
    needsKey: false,
    example: 'llama3.2',
    isLocal: true,
  },
  {
    id: 'vllm',
    title: 'vLLM',
    baseUrl: 'http://127.0.0.1:8000/v1',
    protocol: 'openai',
    needsKey: false,
    example: 'Qwen/Qwen3-8B',
    isLocal: true,
  },
  {
    id: 'lm-studio',
    title: 'LM Studio',
    baseUrl: 'http://127.0.0.1:1234/v1',
    protocol: 'openai',
    needsKey: false,
    example: 'qwen3-8b',
    isLocal: true,
  },
];
