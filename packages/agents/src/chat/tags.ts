import type { CodeWatch } from './code-watch.ts';
import { attributesOf, isSpace } from './markup.ts';

/** The findings of a scanner, in the order of the text. */
export type TagEvent =
  /** Everything outside of the known tags, as it came. */
  | { type: 'text'; text: string }
  | { type: 'tag'; name: string; attributes: Map<string, string>; body: string }
  /**
   * A tag that was not closed when the text ended, or has more than it may. Of the beginning of a tag that may be a known
   * one or not, `name` is null and the body what there is of it.
   */
  | { type: 'broken'; name: string | null; attributes: Map<string, string>; body: string };

export interface TagScanner {
  push(piece: string): TagEvent[];
  end(): TagEvent[];
}

export interface TagOptions {
  /** Whether it is one of those that are looked for; text otherwise. Default: all. */
  accepts?: (name: string, attributes: ReadonlyMap<string, string>) => boolean;
  /** Characters between a tag's name and its `>`. */
  head?: number;
  /** Characters of a body: more are not kept. */
  body?: number;
  /** Is shown the text; tags in what it says is code are text. */
  code?: CodeWatch;
}

/** Between `<` and the name's end; after the name; between the tags; in what may be the closing one. */
type Mode = 'text' | 'name' | 'head' | 'body' | 'closing';

/**
 * Finds tags of known names in a text that arrives in pieces, wherever it is cut. Bodies are raw: tags in them are
 * text, and the first closing tag of the name ends them. A possible start of a tag is held back until it is clear.
 * Names are matched in any case. Each character is read once.
 */
export function createTagScanner(names: readonly string[], options: TagOptions = {}): TagScanner {
  const { head: mostHead = 4096, body: mostBody = 16 * 1024 * 1024, accepts, code } = options;
  const known = names.map((name) => name.toLowerCase());
  const longestName = Math.max(0, ...known.map((name) => name.length));
  let mode: Mode = 'text';
  /** Becomes text if it turns out to be no tag. */
  let held = '';
  let name = '';
  let head = '';
  let attributes = new Map<string, string>();
  let quote = '';
  let last = '';
  let body = '';
  let tooLong = false;
  let found: TagEvent[] = [];

  function text(more: string) {
    if (more === '') return;
    code?.see(more);
    const before = found.at(-1);
    if (before?.type === 'text') before.text += more;
    else found.push({ type: 'text', text: more });
  }
  function release() {
    text(held);
    held = '';
    mode = 'text';
  }
  function addBody(more: string) {
    tooLong ||= body.length + more.length > mostBody;
    if (body.length < mostBody) body += more.slice(0, mostBody - body.length);
  }
  function close() {
    found.push({ type: tooLong ? 'broken' : 'tag', name, attributes, body });
    mode = 'text';
    held = '';
  }
  function beginHead() {
    mode = 'head';
    head = '';
    quote = '';
    last = '';
  }
  function endHead() {
    const isEmpty = last === '/';
    attributes = attributesOf(isEmpty ? head.slice(0, -1) : head);
    if (accepts?.(name, attributes) === false) {
      release();
      return;
    }
    body = '';
    tooLong = false;
    held = '';
    if (isEmpty) close();
    else mode = 'body';
  }

  /** One character of a mode that checks each; false where another mode has to check it again. */
  function step(char: string): boolean {
    if (mode === 'name') return stepName(char);
    if (mode === 'head') return stepHead(char);
    return stepClosing(char);
  }
  function stepName(char: string): boolean {
    const word = held.slice(1).toLowerCase();
    if (isSpace(char) || char === '>' || char === '/') {
      if (known.includes(word)) {
        name = word;
        beginHead();
      } else release();
      return false;
    }
    const longer = word + char.toLowerCase();
    if (longer.length > longestName || !known.some((each) => each.startsWith(longer))) {
      release();
      return false;
    }
    held += char;
    return true;
  }
  function stepHead(char: string): boolean {
    // Another tag begins: this one was none.
    if ((char === '<' && quote === '') || head.length >= mostHead) {
      release();
      return false;
    }
    held += char;
    if (char === '>' && quote === '') {
      endHead();
      return true;
    }
    head += char;
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if ((char === '"' || char === "'") && last === '=') quote = char;
    if (!isSpace(char)) last = char;
    return true;
  }
  function stepClosing(char: string): boolean {
    const tag = `</${name}`;
    const fits = held.length < tag.length ? tag[held.length] === char.toLowerCase() : isSpace(char) || char === '>';
    if (!fits) {
      addBody(held);
      held = '';
      mode = 'body';
      return false;
    }
    if (held.length >= tag.length && char === '>') close();
    else held += char;
    return true;
  }
  function take(events: TagEvent[]): TagEvent[] {
    found = [];
    return events;
  }

  return {
    push(piece) {
      for (let at = 0; at < piece.length;) {
        if (mode === 'text' || mode === 'body') {
          const next = piece.indexOf('<', at);
          const end = next === -1 ? piece.length : next;
          (mode === 'text' ? text : addBody)(piece.slice(at, end));
          at = end + 1;
          if (next === -1) break;
          if (mode === 'text' && code?.isInCode() === true) {
            text('<');
            continue;
          }
          mode = mode === 'text' ? 'name' : 'closing';
          held = '<';
        } else if (step(piece[at] ?? '')) at += 1;
      }
      return take(found);
    },
    end() {
      if (mode === 'head') found.push({ type: 'broken', name, attributes: attributesOf(head), body: '' });
      else if (mode === 'body') found.push({ type: 'broken', name, attributes, body });
      else if (mode === 'closing') found.push({ type: 'broken', name, attributes, body: body + held });
      else if (held.length > 1) found.push({ type: 'broken', name: null, attributes: new Map(), body: held });
      else text(held);
      held = '';
      mode = 'text';
      return take(found);
    },
  };
}
