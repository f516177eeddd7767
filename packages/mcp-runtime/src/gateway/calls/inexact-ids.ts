import { isObject } from '@switchboard/basics';
import { elementTexts, memberText } from '../../source-text.ts';

/**
 * The id of a message that JavaScript reads as another number than is written (RFC 8259, section 6: beyond 2^53 - 1
 * implementations differ). A response with the parsed number would match no request.
 */
export class InexactId {
  /** As the message has it. */
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function isOdd(value: unknown): boolean {
  return isObject(value) && typeof value['id'] === 'number' && !Number.isSafeInteger(value['id']);
}

function mark(message: unknown, text: string): void {
  if (!isObject(message) || !isOdd(message)) return;
  const source = memberText(text, 'id')?.trim() ?? 'null';
  if (source !== String(message['id'])) message['id'] = new InexactId(source);
}

/** Puts an `InexactId` in the place of each id of a parsed body that cannot be given back as it came in its text. */
export function markInexactIds(body: unknown, text: string): void {
  if (!Array.isArray(body)) return mark(body, text);
  if (!body.some(isOdd)) return;
  const texts = elementTexts(text);
  for (const [at, message] of body.entries()) mark(message, texts[at] ?? '');
}
