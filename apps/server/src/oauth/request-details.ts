import type { KoaContextWithOIDC } from 'oidc-provider';
import { knownScopes, type RequestDetails } from '@switchboard/core/oauth';
import { isLoopback } from '../config.ts';
import { endpointOf } from './addresses.ts';
import { isDocument } from './client-rules.ts';
import { engine } from './engine.ts';

/** Makes one bounded line of a client's text, without control and direction characters. */
function line(text: string, most: number): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .trim()
    .slice(0, most);
}

/** The host of a web address, and of any other its scheme: what stands after a scheme of a program is no host. */
function hostOf(text: string): string {
  const url = URL.parse(text);
  return url && /^https?:$/.test(url.protocol) ? url.host : text.slice(0, text.indexOf(':') + 1);
}

/** The scheme of a redirect that a program of this computer has taken; null for web addresses. */
function schemeOf(text: string): string | null {
  return /^https?:/i.test(text) ? null : text.slice(0, text.indexOf(':') + 1);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The endpoint of a request; throws invalid_target for several resources, or for none of this hub. */
export function requestedEndpoint(ctx: KoaContextWithOIDC, issuer: string): { endpoint: string; resource: string } {
  const { resource } = ctx.oidc.params ?? {};
  const asked = Array.isArray(resource) && resource.length === 1 ? (resource[0] as unknown) : resource;
  if (Array.isArray(asked)) throw new (engine().errors.InvalidTarget)('ask for one resource at a time');
  const target = endpointOf(textOf(asked), issuer);
  if (target === null) throw new (engine().errors.InvalidTarget)('resource is no MCP endpoint of this hub');
  return { endpoint: target.endpoint, resource: textOf(asked) };
}

/** Collects the details of a request for the consent page and the grant. */
export function detailsOf(ctx: KoaContextWithOIDC, issuer: string, account: string | null): RequestDetails {
  const { client, params } = ctx.oidc;
  if (!client) throw new (engine().errors.InvalidClient)('client is unknown');
  // PostgreSQL would store it without this character, and the answer would have another state.
  if (Object.values(params ?? {}).some((value) => String(value).includes('\0')))
    throw new (engine().errors.InvalidRequest)('parameters must not contain the character U+0000');
  const id = client.clientId;
  const redirect = textOf(params?.['redirect_uri']);
  const home = textOf(client.clientUri);
  const { endpoint, resource } = requestedEndpoint(ctx, issuer);
  return {
    issuer,
    client: {
      id,
      name: line(client.clientName ?? '', 200) || hostOf(isDocument(id) ? id : redirect),
      kind: isDocument(id) ? 'metadata-document' : 'registered',
      uri: /^https?:\/\//.test(home) ? home : null,
      host: isDocument(id) ? hostOf(id) : null,
    },
    redirect: {
      uri: redirect,
      host: hostOf(redirect),
      scheme: schemeOf(redirect),
      isLoopback: schemeOf(redirect) === null && isLoopback(URL.parse(redirect)?.hostname ?? ''),
    },
    endpoint,
    resource,
    scopes: knownScopes(textOf(params?.['scope']).split(' ')),
    account,
  };
}
