/** Variables that are written in two cases, and read in either. */
const bothCases = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'] as const;

/**
 * The variables of the hub's environment that programs of servers get unless CHILD_ENV says otherwise: how this machine
 * reaches the network.
 */
const usualNames: readonly string[] = [
  // Which certificates are trusted.
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_SYSTEM_CA',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'PIP_CERT',
  'DENO_CERT',
  'DENO_TLS_CA_STORE',
  'AWS_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'UV_NATIVE_TLS',
  'UV_SYSTEM_CERTS',
  // Through which proxy.
  ...bothCases,
  'NODE_USE_ENV_PROXY',
  // The sources of packages.
  'npm_config_registry',
  'NPM_CONFIG_REGISTRY',
  'npm_config_cafile',
  'NPM_CONFIG_CAFILE',
  'BUN_CONFIG_REGISTRY',
  'UV_INDEX_URL',
  'UV_DEFAULT_INDEX',
  'UV_EXTRA_INDEX_URL',
  'UV_INDEX',
  'UV_PYTHON_INSTALL_MIRROR',
  'PIP_INDEX_URL',
  'PIP_EXTRA_INDEX_URL',
];

type Env = Readonly<Record<string, string | undefined>>;

/** The value of a variable in lower case, else in upper case, as curl reads them. */
function eitherCase(given: Env, name: string): string | undefined {
  return given[name.toLowerCase()] ?? given[name.toUpperCase()];
}

/**
 * The variables of the hub's environment for its programs, by the names of CHILD_ENV (null: the usual ones). A variable
 * that is read in either case is given in both, because some programs read one only.
 */
export function handedOn(names: readonly string[] | null, given: Env): Record<string, string> {
  const entries = (names ?? usualNames).flatMap((name): [string, string | undefined][] => {
    const pair = bothCases.find((each) => each === name.toUpperCase());
    if (pair === undefined) return [[name, given[name]]];
    const value = eitherCase(given, pair);
    return [
      [pair, value],
      [pair.toLowerCase(), value],
    ];
  });
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

interface Address {
  /** With the scheme, where there is one. */
  before: string;
  /** User and password as they are written; empty where there is none. */
  user: string;
  after: string;
  query: string;
}

/** Takes one address apart, also one that no parser takes: what cannot be read may hold a password too. */
function takeApart(text: string): Address {
  const scheme = text.indexOf('://');
  const start = scheme === -1 ? 0 : scheme + 3;
  const rest = text.slice(start);
  const end = rest.search(/[/?#]/);
  const at = rest.slice(0, end === -1 ? rest.length : end).lastIndexOf('@');
  const question = rest.indexOf('?');
  return {
    before: text.slice(0, start),
    user: at === -1 ? '' : rest.slice(0, at),
    after: rest.slice(at + 1, question === -1 ? rest.length : question),
    query: question === -1 ? '' : rest.slice(question + 1),
  };
}

/** Lists of indexes have spaces between their addresses. */
function addressesIn(value: string): string[] {
  return value.split(/\s/).filter((text) => text !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The parts of a value that no log may show: addresses with a user or a query, and a password as written and as
 * decoded.
 */
export function credentialsIn(value: string): string[] {
  return addressesIn(value).flatMap((text) => {
    const { user, query } = takeApart(text);
    const password = user.slice(user.indexOf(':') + 1);
    const parts = [password, decoded(password), query].filter((part) => part !== '');
    return parts.length === 0 ? [] : [text, ...parts];
  });
}

/** A value as settings show it, with `***` for users, passwords and queries of addresses. */
export function withoutCredentials(value: string): string {
  return addressesIn(value)
    .map((text) => {
      const { before, user, after, query } = takeApart(text);
      return `${before}${user === '' ? '' : '***@'}${after}${query === '' ? '' : '?***'}`;
    })
    .join(' ');
}
