/** Parts that make a name secret wherever they occur in it. */
const secretParts = /passw|passphrase|secret|token$|api[-_]?key|authorization|credential|private[-_]?key|cookie/i;
/** Words that make the name of a variable, an option or a header secret: in the singular, in lower case. */
const secretWords = new Set([
  'pass',
  'pwd',
  'token',
  'key',
  'auth',
  'bearer',
  'session',
  'jwt',
  'pat',
  'otp',
  'salt',
  'signature',
  'private',
  'cert',
  'dsn',
  'webhook',
]);

/** The words of a name in lower case: split at `_ . -`, spaces and changes of case. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[_.\s-]/);
}

/**
 * Whether the name of a field makes its value secret, in data: arguments and results of calls. There `key`, `session`
 * or `private` mean nothing: issues have keys, and repositories are private.
 */
export function isSecretField(name: string): boolean {
  return secretParts.test(name) || (/pass$/i.test(name) && wordsOf(name).at(-1) === 'pass');
}

/** Whether the name of a variable, an option or a header says that its value is secret. */
export function isSecretName(name: string): boolean {
  return (
    isSecretField(name) ||
    name.toLowerCase().includes('token') ||
    wordsOf(name).some((word) =>
      [word, word.replace(/s$/, ''), word.replace(/es$/, '')].some((one) => secretWords.has(one)),
    )
  );
}

/**
 * Credentials that are recognised by their beginning: those of the hub, those of well-known services, and JSON web
 * tokens. Each match runs to its end, so no pattern starts again within it.
 */
const tokens =
  /(?<![A-Za-z0-9])(?:sbk_|sk[-_]|rk_live_|pk_live_|gh[oprsu]_|github_pat_|glpat-|xox[abeprs]-|xapp-|AKIA|ASIA|AIza|ya29\.|npm_|pypi-|hf_|dop_v1_|shpat_|SG\.|lin_api_|ntn_|figd_|eyJ)[A-Za-z0-9_.-]{12,}/g;
/** A header in the middle of a text; what is shorter may be words: `bearer of news`. */
const bearers = /\bBearer\s+[\w.~+/-]{8,}=*/gi;
const header = /^(?:Bearer|Basic|Token)\s+[^\s$]/i;

/** A text with `mask` in the place of every credential that gives itself away. Takes time in proportion to its length. */
export function withoutTokens(text: string, mask: string): string {
  return text.replace(tokens, mask).replace(bearers, mask);
}

/** Whether a value looks secret by itself: an address with a user or a query, a PEM file, a known token. */
export function isSecretValue(value: string): boolean {
  return value.includes('-----BEGIN ') || value.search(tokens) !== -1 || header.test(value) || hasTellingUrl(value);
}

/** An address with a user before its host, or a query after its path. */
function hasTellingUrl(text: string): boolean {
  return text.split(/\s/).some((piece) => {
    const start = piece.indexOf('://');
    if (start === -1) return false;
    const rest = piece.slice(start + 3);
    const end = rest.search(/[/?#]/);
    return rest.slice(0, end === -1 ? rest.length : end).includes('@') || /\?./.test(rest);
  });
}

/** Proxies are often written without their scheme: `user:password@proxy:3128`. */
function isProxyWithUser(name: string, value: string): boolean {
  return name.toLowerCase().endsWith('_proxy') && value.includes('@');
}

/** Whether the value of a variable is shown to nobody without being asked for. */
export function isSecret(name: string, value: string): boolean {
  return isSecretName(name) || isSecretValue(value) || isProxyWithUser(name, value);
}
