import type { Protocol } from '../types.ts';

/** A path that says which version of an API is meant: nothing is added before what is asked for. */
const hasVersion = /\/v\d[\w.]{0,20}$/;

/**
 * The address of a provider's endpoint, such as `/chat/completions`. A base URL without a path gets `/v1`; for
 * Anthropic also one with another path, because gateways are given without the version there. A whole address that was
 * copied from documentation is understood. Null where the base is no URL.
 */
export function endpointOf(protocol: Protocol, baseUrl: string, path: string): URL | null {
  const url = URL.parse(baseUrl.trim());
  if (url === null) return null;
  const base = withoutSlashes(url.pathname);
  const call = ['/chat/completions', '/messages', '/models'].find((each) => base.endsWith(each));
  const root = withoutSlashes(call === undefined ? base : base.slice(0, -call.length));
  const version = root === '' || (protocol === 'anthropic' && !hasVersion.test(root)) ? '/v1' : '';
  url.pathname = `${root}${version}${path}`;
  url.hash = '';
  return url;
}

function withoutSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}
