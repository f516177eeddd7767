import { isSecretName, isSecretValue } from '../secrecy.ts';

const isPlaceholder = (value: string): boolean => /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/.test(value);

const placeholderFor = (name: string): string => {
  const plain = name.toUpperCase().replace(/[^A-Z0-9_]/g, '_');
  return `\${${/^[A-Z_]/.test(plain) ? plain : `_${plain}`}}`;
};

/** Every value of a map as `${NAME}`; what already is a placeholder says nothing secret and stays. */
export const asPlaceholders = (map: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(map).map(([name, value]) => [name, isPlaceholder(value) ? value : placeholderFor(name)]),
  );

/** Long parts of a path that no person chose: a token, or an id as good as one. */
const isOpaque = (segment: string): boolean =>
  isSecretValue(segment) || (/^[\w.~=-]{24,}$/.test(segment) && /\d/.test(segment) && /[A-Za-z]/.test(segment));

/**
 * An address without its secrets: values of its query and opaque parts of its path stand as `${NAME}`, user and
 * fragment go, since neither reaches a server. As text, so that placeholders in it stay what they are.
 */
export const urlWithPlaceholders = (url: string): string => {
  const start = url.indexOf('://');
  if (start === -1) return url;
  const [whole = ''] = url.slice(start + 3).split('#', 1);
  const [before = '', ...queries] = whole.split('?');
  const [authority = '', ...segments] = before.split('/');
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const path = segments.map((segment, at) => (isOpaque(segment) ? `\${URL_PART_${at + 1}}` : segment));
  const query = queries.length === 0 ? '' : `?${queries.join('?').split('&').map(parameter).join('&')}`;
  return `${url.slice(0, start)}://${[host, ...path].join('/')}${query}`;
};

const parameter = (text: string): string => {
  const at = text.indexOf('=');
  const name = at === -1 ? '' : text.slice(0, at);
  const value = text.slice(at + 1);
  if (value === '' || isPlaceholder(value)) return text;
  return at === -1 ? '${URL_QUERY}' : `${name}=${placeholderFor(name)}`;
};

/**
 * Arguments without the secrets that can be told: addresses, values of options and headers whose name says so, and
 * what has the shape of a token.
 */
export const argsWithPlaceholders = (args: readonly string[]): string[] =>
  args.map((arg, at) => {
    const option = /^--?([\w.-]+)$/.exec(args[at - 1] ?? '')?.[1];
    if (option !== undefined && !arg.startsWith('-') && isSecretName(option))
      return keptOr(arg, placeholderFor(option));
    const [, start = '', dashes = '', name = '', sign = ''] =
      /^((-{0,2})([A-Za-z_][\w.-]{0,127})(=|: ?))/.exec(arg) ?? [];
    const value = arg.slice(start.length);
    if (start !== '' && value !== '' && !value.startsWith('//') && isSecretName(name)) {
      return `${dashes}${name}${sign}${keptOr(value, placeholderFor(name))}`;
    }
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return `${start}${urlWithPlaceholders(value)}`;
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(arg)) return urlWithPlaceholders(arg);
    return isSecretValue(value) ? `${start}\${ARGUMENT_${at + 1}}` : arg;
  });

/** What mentions a placeholder keeps it: `Bearer ${TOKEN}`. */
const keptOr = (value: string, placeholder: string): string => (value.includes('${') ? value : placeholder);
