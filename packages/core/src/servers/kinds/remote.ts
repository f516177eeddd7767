import { filled, type Kind } from './kind.ts';

type Env = Readonly<Record<string, string>>;

const proxyName = /^(?:http|https|all|no)_proxy$/i;

/** The variables of a remote server that name its own proxies. */
export function proxyEnv(env: Env): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name, value]) => proxyName.test(name) && value !== ''));
}

/** The shared parts of both transports to an address; `type` is the word of exports, `words` those of configs. */
export function remote(kind: 'sse' | 'streamable-http', { type, words }: { type: string; words: string[] }): Kind {
  return {
    fields: ['url', 'headers', 'env', 'signIn', 'secrets'],
    needs: { field: 'url', hint: `is required for a ${kind} server: give its http:// or https:// address` },
    has: `a ${kind} server has a url`,
    words,
    place: 'elsewhere',
    isolation: 'session',
    right: null,
    transport: () => kind,
    launch: ({ url, headers, env, allowPrivate, ownProxies }) => {
      const proxies = ownProxies ? proxyEnv(env) : {};
      const isOwn = Object.keys(proxies).length > 0;
      return { kind, url: url ?? '', headers, allowPrivate, ...(isOwn && { proxies }) };
    },
    config: ({ url, headers, env }) => ({ type, url, ...filled({ headers, env }) }),
  };
}
