import { isSecretName, isSecretValue } from '../secrecy.ts';

/** The placeholders for the secrets of one server in an export, its variables apart. */
export interface Placeholders {
  /** Every header as `${SERVER_NAME}`: two servers' Authorization headers are two values. */
  headers(map: Readonly<Record<string, string>>): Record<string, string>;
  /**
   * An address without its secrets: values of its query and opaque parts of its path become `${SERVER_NAME}`; user and
   * fragment are removed, since neither reaches a server. A text, so that placeholders in it stay as they are.
   */
  url(url: string): string;
  /**
   * Arguments without recognisable secrets: users and passwords, queries and opaque parts of addresses, values of
   * options and headers with a secret name, and texts with the shape of a token.
   */
  args(args: readonly string[]): string[];
}

/** The placeholders of the server with this id. */
export function placeholdersOf(serverId: string): Placeholders {
  function named(name: string): string {
    return `\${${variableOf(`${serverId}_${name}`)}}`;
  }

  function parameter(text: string): string {
    const at = text.indexOf('=');
    const name = at === -1 ? '' : text.slice(0, at);
    const value = text.slice(at + 1);
    if (value === '' || isOpen(value)) return text;
    return at === -1 ? named('URL_QUERY') : `${name}=${named(name)}`;
  }

  function address(url: string, userOf: (user: string) => string): string {
    const start = url.indexOf('://');
    if (start === -1) return url;
    const [whole = ''] = url.slice(start + 3).split('#', 1);
    const [before = '', ...queries] = whole.split('?');
    const [authority = '', ...segments] = before.split('/');
    const at = authority.lastIndexOf('@');
    const host = `${at === -1 ? '' : userOf(authority.slice(0, at))}${authority.slice(at + 1)}`;
    const path = segments.map((segment, index) => (isOpaque(segment) ? named(`URL_PART_${index + 1}`) : segment));
    const query = queries.length === 0 ? '' : `?${queries.join('?').split('&').map(parameter).join('&')}`;
    return `${url.slice(0, start)}://${[host, ...path].join('/')}${query}`;
  }

  /** A name alone may be a token. */
  function credentials(user: string): string {
    const at = user.indexOf(':');
    const secret = user.slice(at + 1);
    const shown = isOpen(secret) ? secret : named(at === -1 ? 'URL_USER' : 'URL_PASSWORD');
    return `${at === -1 ? '' : user.slice(0, at + 1)}${shown}@`;
  }

  /** The header behind `--header=`: `X-Api-Key: …`. */
  function pair(text: string): string | null {
    const [start = '', name = ''] = /^([A-Za-z_][\w.-]{0,127}): ?/.exec(text) ?? [];
    const value = text.slice(start.length);
    return start !== '' && value !== '' && isSecretName(name) ? `${start}${keptOr(value, named(name))}` : null;
  }

  /** An object of JSON without its secrets; null where it is none, or has none. */
  function inJson(text: string): string | null {
    if (!/^[{[]/.test(text)) return null;
    let found = false;
    function shown(key: string, inner: unknown): unknown {
      if (typeof inner !== 'string' || !(isSecretName(key) || isSecretValue(inner))) return inner;
      found = true;
      return keptOr(inner, named(key));
    }
    try {
      const masked = JSON.stringify(JSON.parse(text, shown));
      return found ? masked : null;
    } catch {
      return null;
    }
  }

  function argument(arg: string, at: number, args: readonly string[]): string {
    const option = /^--?([\w.-]+)$/.exec(args[at - 1] ?? '')?.[1];
    if (option !== undefined && !arg.startsWith('-') && isSecretName(option)) return keptOr(arg, named(option));
    const [, start = '', dashes = '', name = '', sign = ''] =
      /^((-{0,2})([A-Za-z_][\w.-]{0,127})(=|: ?))/.exec(arg) ?? [];
    const value = arg.slice(start.length);
    if (start !== '' && value !== '' && !value.startsWith('//') && isSecretName(name)) {
      return `${dashes}${name}${sign}${keptOr(value, named(name))}`;
    }
    const header = sign === '=' ? pair(value) : null;
    if (header !== null) return `${start}${header}`;
    const json = inJson(start === '' ? arg : value);
    if (json !== null) return `${start}${json}`;
    if (isAddress(value)) return `${start}${address(value, credentials)}`;
    if (isAddress(arg)) return address(arg, credentials);
    return isSecretValue(value) ? `${start}${named(`ARGUMENT_${at + 1}`)}` : arg;
  }

  return {
    headers: (map) => masked(map, named),
    url: (url) => address(url, () => ''),
    args: (args) => args.map(argument),
  };
}

/** Every value of a map of variables as `${NAME}`, by the variable's own name. */
export function variablesAsPlaceholders(map: Readonly<Record<string, string>>): Record<string, string> {
  return masked(map, (name) => `\${${variableOf(name)}}`);
}

function masked(map: Readonly<Record<string, string>>, named: (name: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, isOpen(value) ? value : named(name)]));
}

function variableOf(name: string): string {
  const plain = name.toUpperCase().replace(/[^A-Z0-9_]/g, '_');
  return /^[A-Z_]/.test(plain) ? plain : `_${plain}`;
}

/** A placeholder or slot, alone or behind the word that says how it is sent, says nothing secret. */
function isOpen(value: string): boolean {
  return /^(?:(?:bearer|basic|token|apikey) )?\$\{(?:user:)?[A-Za-z_][A-Za-z0-9_]*\}$/i.test(value);
}

function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]{0,31}:\/\//i.test(text);
}

/** Long parts of a path that no person chose: a token, or an id as good as one. */
function isOpaque(segment: string): boolean {
  return isSecretValue(segment) || (/^[\w.~=-]{24,}$/.test(segment) && /\d/.test(segment) && /[A-Za-z]/.test(segment));
}

/** A value that contains a placeholder keeps it: `Bearer ${TOKEN}`. */
function keptOr(value: string, placeholder: string): string {
  return value.includes('${') ? value : placeholder;
}
