import type { Tool } from '../../types.ts';
import type { Dialogue } from '../dialogue.ts';
import { createActionReader } from './reader.ts';
import { inWords } from './wording.ts';

/** Tags in the text, for models without function calling. */
export function toolActionDialogue(tools: readonly Tool[]): Dialogue {
  return {
    functions: () => [],
    rules: {
      same: 2,
      asked: 'Write <tool_action name="…">, closed, of at most 5000 characters, with its parameters as elements.',
    },
    toModel: (messages, offered) => inWords(messages, offered),
    read: (turn, taken) => createActionReader(turn, taken, tools),
  };
}
