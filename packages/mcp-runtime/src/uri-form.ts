/** Longer URIs are no resource that anybody lists. */
const longest = 8192;

/** Schemes whose URIs every parser brings into one form: host names, default ports, backslashes, dots. */
const web = /^(?:https?|wss?|ftp|file):/i;

function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes.toLowerCase();
    }
  });
}

function withoutDots(path: string): string[] {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '.' && segment !== '') kept.push(segment);
  }
  return kept;
}

/**
 * A URI without the parts that servers may ignore: case of scheme and host, percent-encoding, dot segments, repeated
 * and trailing slashes, white space, query and fragment. Two URIs of one form need not be the same resource, so it
 * serves to refuse and never to find one. Null for one that is too long.
 */
export function uriForm(uri: string): string | null {
  if (uri.length > longest) return null;
  let text = uri.replace(/[\t\n\r]/g, '').trim();
  if (web.test(text) && URL.canParse(text)) text = new URL(text).href;
  const [whole = ''] = text.split(/[?#]/, 1);
  const plain = decoded(whole).normalize('NFC').replaceAll('\\', '/');
  const colon = plain.indexOf(':');
  const rest = plain.slice(colon + 1);
  const [first, ...others] = withoutDots(rest);
  const hosted = rest.startsWith('//') && !rest.startsWith('///');
  const segments = first === undefined ? [] : [hosted ? first.toLowerCase() : first, ...others];
  return `${plain.slice(0, colon).toLowerCase()}:${segments.join('/')}`;
}

/** A template in the form of its URIs; expressions stay as they are, and those of a query are dropped. */
export function templateForm(template: string): string {
  const expressions: string[] = [];
  const plain = template.replace(/\{[^{}]*\}/g, (expression) =>
    /^\{[?&#]/.test(expression) ? '?' : `x-${expressions.push(expression)}-expression`,
  );
  const form = uriForm(plain) ?? plain;
  return form.replace(/x-(\d{1,9})-expression/g, (mark, at: string) => expressions[Number(at) - 1] ?? mark);
}
