import type { Delta, JsonObject, ThinkingBlock } from '../../types.ts';
import type { ReaderContext } from '../format.ts';
import { objectIn, parseObject, textIn } from '../json.ts';

const mostBlocks = 1024;

/** A block that is still arriving, and what it looks like when it is sent back. */
interface Block {
  raw: JsonObject;
  /** Its index among the calls; null for other blocks. */
  call: number | null;
  /** Arguments came in pieces. */
  pieces: boolean;
  json: string;
}

/** The blocks of an answer, as the pieces of a message that each event adds. */
export interface Blocks {
  start(index: number, given: JsonObject): Delta[];
  add(index: number, delta: JsonObject): Delta[];
  end(index: number): Delta[];
  /** All of them as they are sent back; forgets them. */
  take(): JsonObject[];
}

export function createBlocks({ failures, turnId }: ReaderContext): Blocks {
  const blocks = new Map<number, Block>();
  let calls = 0;
  function start(index: number, given: JsonObject): Delta[] {
    if (blocks.size >= mostBlocks) throw failures.of('protocol', `The answer has more than ${mostBlocks} blocks.`);
    const block: Block = { raw: { ...given }, call: null, pieces: false, json: '' };
    blocks.set(index, block);
    switch (given['type']) {
      case 'text':
        return textIn(given['text']) === '' ? [] : [{ content: textIn(given['text']) }];
      case 'thinking':
        return textIn(given['thinking']) === '' ? [] : [{ reasoning_content: textIn(given['thinking']) }];
      case 'tool_use': {
        block.call = calls;
        calls += 1;
        const id = textIn(given['id']) || `call_${turnId}_${block.call}`;
        const spec = { name: textIn(given['name']), arguments: '' };
        return [{ tool_calls: [{ index: block.call, id, type: 'function', function: spec }] }];
      }
      default:
        return [];
    }
  }

  function add(index: number, delta: JsonObject): Delta[] {
    const block = blocks.get(index);
    if (block === undefined) throw failures.of('protocol', 'A piece of the answer belongs to no block.');
    switch (delta['type']) {
      case 'text_delta':
        return grow(block, 'text', delta) ? [{ content: textIn(delta['text']) }] : [];
      case 'thinking_delta':
        return grow(block, 'thinking', delta) ? [{ reasoning_content: textIn(delta['thinking']) }] : [];
      case 'signature_delta':
        block.raw['signature'] = textIn(delta['signature']);
        return [];
      case 'input_json_delta': {
        const piece = textIn(delta['partial_json']);
        block.json += piece;
        block.pieces ||= piece !== '';
        if (block.call === null || piece === '') return [];
        return [{ tool_calls: [{ index: block.call, function: { arguments: piece } }] }];
      }
      default:
        return [];
    }
  }

  function end(index: number): Delta[] {
    const block = blocks.get(index);
    if (block === undefined) return [];
    const thought = thoughtOf(block.raw);
    if (thought !== null) return [{ thinking_blocks: [thought] }];
    if (block.pieces) {
      const parsed = parseObject(block.json);
      if (parsed.ok) block.raw['input'] = parsed.value;
    }
    if (block.call === null || block.pieces) return [];
    // Without pieces the arguments stood at its beginning, or there are none.
    const text = JSON.stringify(objectIn(block.raw['input']));
    return [{ tool_calls: [{ index: block.call, function: { arguments: text } }] }];
  }

  function take() {
    const content = [...blocks].sort(([a], [b]) => a - b).map(([, { raw }]) => raw);
    blocks.clear();
    return content;
  }
  return { start, add, end, take };
}

function grow(block: Block, field: 'text' | 'thinking', delta: JsonObject): boolean {
  const piece = textIn(delta[field]);
  block.raw[field] = textIn(block.raw[field]) + piece;
  return piece !== '';
}

/** A thought as it is sent back. */
function thoughtOf(raw: JsonObject): ThinkingBlock | null {
  if (raw['type'] === 'redacted_thinking') return { type: 'redacted_thinking', data: textIn(raw['data']) };
  if (raw['type'] !== 'thinking') return null;
  return { type: 'thinking', thinking: textIn(raw['thinking']), signature: textIn(raw['signature']) };
}
