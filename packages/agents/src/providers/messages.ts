import type { ContentPart, Message, ToolCall } from '../types.ts';

/** The text in place of the result of a call that was never made: both formats refuse a call without one. */
const noResult = 'There is no result: the call was not made, or was cut off.';

/**
 * Messages in which each call of a tool has its result right behind it, and each result its call. A conversation that was
 * cut or compacted lacks some.
 */
export function wholeCalls(messages: readonly Message[]): Message[] {
  const whole: Message[] = [];
  let open: ToolCall[] = [];
  function close() {
    for (const { id } of open) whole.push({ role: 'tool', tool_call_id: id, content: noResult });
    open = [];
  }
  for (const message of messages) {
    if (message.role === 'tool') {
      const at = open.findIndex(({ id }) => id === message.tool_call_id);
      if (at === -1) continue;
      open.splice(at, 1);
    } else {
      close();
      if (message.role === 'assistant') open = [...(message.tool_calls ?? [])];
    }
    whole.push(message);
  }
  close();
  return whole;
}

/** The text in place of an image where a model takes none. */
export const imageLeftOut = '[An image is left out: this model takes none.]';

/** Content whose images are left out. */
export function withoutImages(content: string | ContentPart[]): string | ContentPart[] {
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'image_url' ? { type: 'text', text: imageLeftOut } : part));
}
