/** One word of a name says that its value is secret: in the singular, in lower case. */
const secretWords = new Set([
  'pass',
  'passwd',
  'password',
  'passphrase',
  'pwd',
  'secret',
  'token',
  'key',
  'apikey',
  'auth',
  'authorization',
  'bearer',
  'credential',
  'cookie',
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
/** These say so wherever they stand in a name. */
const secretParts = ['password', 'secret', 'token', 'apikey'];

/** Whether a name says that its value is secret: by its words, split at `_ . -`, spaces and changes of case. */
export const isSecretName = (name: string): boolean => {
  const lower = name.toLowerCase();
  if (secretParts.some((part) => lower.includes(part))) return true;
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[_.\s-]/);
  return words.some((word) =>
    [word, word.replace(/s$/, ''), word.replace(/es$/, '')].some((one) => secretWords.has(one)),
  );
};

/** Credentials that give themselves away by their beginning: ours, and those of well-known services. */
const tokenShape =
  /(?<![A-Za-z0-9])(?:sbk_|sk[-_]|rk_live_|pk_live_|gh[oprsu]_|github_pat_|glpat-|xox[abeprs]-|xapp-|AKIA|ASIA|AIza|ya29\.|npm_|pypi-|hf_|dop_v1_|shpat_|SG\.|lin_api_|ntn_|figd_|eyJ)[A-Za-z0-9_.-]{12}/;
const headerShape = /^(?:Bearer|Basic|Token)\s+[^\s$]/i;

/** Whether a value shows by itself that it is secret: an address with a user or a query, a PEM file, a known token. */
export const isSecretValue = (value: string): boolean =>
  value.includes('-----BEGIN ') || tokenShape.test(value) || headerShape.test(value) || hasTellingUrl(value);

/** An address with a user before its host, or a query after its path. */
const hasTellingUrl = (text: string): boolean =>
  text.split(/\s/).some((piece) => {
    const start = piece.indexOf('://');
    if (start === -1) return false;
    const rest = piece.slice(start + 3);
    const end = rest.search(/[/?#]/);
    return rest.slice(0, end === -1 ? rest.length : end).includes('@') || /\?./.test(rest);
  });

/** Whether the value of a variable is shown to nobody without being asked for. */
export const isSecret = (name: string, value: string): boolean => isSecretName(name) || isSecretValue(value);
