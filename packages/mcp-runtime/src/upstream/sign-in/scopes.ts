const longestScope = 4096;

/** Scopes of which each is one; null where there is none. */
export function scopesIn(text: string | null | undefined): string | null {
  const known = (text ?? '').split(' ').filter((scope) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope));
  const scope = known.join(' ');
  return scope === '' || scope.length > longestScope ? null : scope;
}
