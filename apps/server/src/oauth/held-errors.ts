import type { KoaContextWithOIDC } from 'oidc-provider';

/** The answer that a client would have got. */
interface Held {
  redirect: string;
  mode: 'query' | 'fragment';
}

const held = new WeakMap<object, Held>();

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/**
 * Keeps an error on a page of the hub instead of sending the browser to the client with it: anybody may register, and a
 * link to the hub must not lead anywhere without a person having seen it (RFC 9700, 4.11).
 */
export function holdError(ctx: KoaContextWithOIDC, error: unknown): void {
  if (!(error instanceof Error) || Reflect.get(error, 'allow_redirect') !== true) return;
  Object.assign(error, { allow_redirect: false });
  const params: Record<string, unknown> = ctx.oidc.params ?? ctx.query;
  const redirect = textOf(params['redirect_uri']);
  const mode = textOf(params['response_mode']);
  if (ctx.oidc.client === undefined || redirect === '' || mode === 'form_post') return;
  held.set(error, { redirect, mode: mode === 'fragment' ? mode : 'query' });
}

/** The address at which the client hears of an error that was kept on a page; null where there is none. */
export function addressOfHeld(error: unknown, answer: object): URL | null {
  const kept = typeof error === 'object' && error !== null ? held.get(error) : undefined;
  const url = kept && URL.parse(kept.redirect);
  if (!url) return null;
  const given = Object.entries(answer).filter(([, value]) => typeof value === 'string');
  if (kept.mode === 'fragment') url.hash = new URLSearchParams(given).toString();
  else for (const [name, value] of given) url.searchParams.set(name, value);
  return url;
}
