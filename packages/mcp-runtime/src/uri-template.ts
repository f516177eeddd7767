const cache = new Map<string, RegExp | null>();
const CACHE_SIZE = 2000;

function compile(template: string): RegExp | null {
  if (template.length > 2000) return null;
  let source = '';
  for (const part of template.split(/(\{[^{}]*\})/)) {
    if (!part.startsWith('{')) {
      source += part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
      continue;
    }
    const operator = part[1] ?? '';
    if (operator === '?' || operator === '&') source += String.raw`(?:[?&][^#]*)?`;
    else if (operator === '#') source += '(?:#.*)?';
    else if (operator === '+') source += '.+';
    else if (operator === '/') source += '(?:/[^?#]*)?';
    else source += '[^/?#]+';
  }
  try {
    return new RegExp(`^${source}$`);
  } catch {
    return null;
  }
}

/** Whether a URI could have come from an RFC 6570 template; used to choose a server, not to extract values. */
export function matchesTemplate(template: string, uri: string): boolean {
  let pattern = cache.get(template);
  if (pattern === undefined) {
    if (cache.size >= CACHE_SIZE) cache.clear();
    pattern = compile(template);
    cache.set(template, pattern);
  }
  return pattern?.test(uri) ?? false;
}
