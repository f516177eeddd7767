import { world } from '../kit/example-world.ts';

const model = { id: world.model, object: 'model', created: 1_704_103_200, owned_by: 'switchboard' };

export const models = { one: model, list: { object: 'list', data: [model] } };

const head = { id: 'chatcmpl-9XK1', created: 1_704_110_400, model: world.model };
const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 };

const chunk = {
  ...head,
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta: { role: 'assistant', content: 'Hello' }, finish_reason: null }],
};

export const chat = {
  body: { model: world.model, messages: [{ role: 'user', content: 'Say hello.' }] },
  response: {
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Hello there!' }, finish_reason: 'stop' }],
    usage,
  },
  stream: `data: ${JSON.stringify(chunk)}\n\n`,
};
