/** The address where a browser may follow it: http and https only. */
export function safeLink(uri: string): string | null {
  if (!URL.canParse(uri)) return null;
  const { protocol } = new URL(uri);
  return protocol === 'http:' || protocol === 'https:' ? uri : null;
}
