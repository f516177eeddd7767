/** The simple part of RFC 6570 that resource templates use: `{name}`, `{+name}`, `{?a,b}` and the like. */

const expression = /\{([+#./;?&]?)([^{}]+)\}/g;

/** A variable without its modifier: `{path*}`, `{id:3}`. */
function nameOf(variable: string): string {
  return variable.split(/[*:]/, 1)[0] ?? '';
}

export function templateVariables(template: string): string[] {
  const names = [...template.matchAll(expression)].flatMap((match) => (match[2] ?? '').split(','));
  return [...new Set(names.map(nameOf))];
}

export function expandTemplate(template: string, values: Readonly<Record<string, unknown>>): string {
  return template.replaceAll(expression, (_whole, operator: string, list: string) => {
    const keep = operator === '+' || operator === '#';
    const named = operator === '?' || operator === '&' || operator === ';';
    const parts = list
      .split(',')
      .map(nameOf)
      .filter((name) => values[name] !== undefined && values[name] !== '')
      .map((name) => {
        const value = String(values[name]);
        const encoded = keep ? encodeURI(value) : encodeURIComponent(value);
        return named ? `${name}=${encoded}` : encoded;
      });
    if (parts.length === 0) return '';
    const lead = { '+': '', '': '', '#': '#', '.': '.', '/': '/', ';': ';', '?': '?', '&': '&' }[operator] ?? '';
    const between = { '.': '.', '/': '/', ';': ';', '?': '&', '&': '&' }[operator] ?? ',';
    return lead + parts.join(between);
  });
}
