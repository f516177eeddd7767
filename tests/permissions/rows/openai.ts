import { none } from './kit.ts';
import type { Rows } from './row.ts';

/** The built-in model is everybody's who may use any. */
const messages = [{ role: 'user', content: 'Hello?' }];

export const rest: Rows = {
  'openai.models.list': { circle: 'unconfined', say: none },
  'openai.models.get': { model: 'see', say: ({ id }) => ({ params: { model: id } }) },
  'openai.chat.complete': { circle: 'notViewers', say: () => ({ input: { model: 'demo', messages } }) },
};
