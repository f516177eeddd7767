/** The text between the name of a tag and its end, as models write it: quoted in either way, or not at all. */

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

export function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\t' || char === '\r' || char === '\f';
}

/** The attributes of a tag with their entities read; the first of a name counts. */
export function attributesOf(head: string): Map<string, string> {
  const attributes = new Map<string, string>();
  let at = 0;
  function skip(passes: (char: string) => boolean): string {
    const from = at;
    while (at < head.length && passes(head[at] ?? '')) at += 1;
    return head.slice(from, at);
  }
  function value(): string {
    const quote = head[at] ?? '';
    if (quote !== '"' && quote !== "'") return skip((char) => !isSpace(char));
    at += 1;
    const text = skip((char) => char !== quote);
    at += 1;
    return text;
  }
  while (at < head.length) {
    skip((char) => isSpace(char) || char === '/' || char === '=' || char === '"' || char === "'");
    const name = skip((char) => !isSpace(char) && char !== '=' && char !== '/');
    skip(isSpace);
    let given = '';
    if (head[at] === '=') {
      at += 1;
      skip(isSpace);
      given = value();
    }
    if (name !== '' && !attributes.has(name)) attributes.set(name, decodeMarkup(given));
  }
  return attributes;
}

/** Replaces entities by their characters. */
export function decodeMarkup(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot|apos));/gi, (all, tens, hex, name) => {
    if (typeof name === 'string') return named[name.toLowerCase()] ?? all;
    const code = typeof tens === 'string' ? Number(tens) : Number.parseInt(String(hex), 16);
    return code <= 0x10_ff_ff ? String.fromCodePoint(code) : all;
  });
}

/** Encodes a text for the content of an element. */
export function encodeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Encodes a text for an attribute, or the content of an element. */
export function encodeMarkup(text: string): string {
  return encodeText(text).replaceAll('"', '&quot;');
}
