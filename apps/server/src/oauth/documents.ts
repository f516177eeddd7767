import { mcpScopes } from '@switchboard/core/oauth';
import type { McpTarget } from '../http/mcp-target.ts';
import { resourceOf } from './addresses.ts';
import { assertionAlgorithms, authMethods, paths } from './offer.ts';

function slashOf({ slash }: McpTarget): string {
  return slash === true ? '/' : '';
}

/** Protected resource metadata (RFC 9728), alike for endpoints that do not exist. */
export function resourceDocument(target: McpTarget, issuer: string) {
  return {
    resource: resourceOf(target, issuer) + slashOf(target),
    authorization_servers: [issuer],
    scopes_supported: [...mcpScopes],
    bearer_methods_supported: ['header'],
    resource_name: 'Switchboard',
  };
}

/** Fields that a document of OpenID discovery must have. The hub gives no ID tokens. */
function openIdFields(issuer: string) {
  return {
    jwks_uri: issuer + paths.jwks,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['Ed25519'],
  };
}

/** Authorization server metadata (RFC 8414), or the same as a document of OpenID discovery. */
export function serverDocument(
  issuer: string,
  { registration, isOpenId }: { registration: boolean; isOpenId: boolean },
) {
  return {
    issuer,
    authorization_endpoint: issuer + paths.authorization,
    token_endpoint: issuer + paths.token,
    ...(registration && { registration_endpoint: issuer + paths.registration }),
    revocation_endpoint: issuer + paths.revocation,
    scopes_supported: [...mcpScopes],
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    token_endpoint_auth_methods_supported: [...authMethods],
    token_endpoint_auth_signing_alg_values_supported: [...assertionAlgorithms],
    revocation_endpoint_auth_methods_supported: [...authMethods],
    revocation_endpoint_auth_signing_alg_values_supported: [...assertionAlgorithms],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
    ...(isOpenId && openIdFields(issuer)),
  };
}

/** The WWW-Authenticate challenge of an endpoint. */
export function challengeOf(
  target: McpTarget,
  issuer: string,
  problem?: { error: 'invalid_token' | 'insufficient_scope'; description: string; scope?: string },
): string {
  const route = target.route === 'messages' ? 'sse' : target.route;
  const path =
    resourceOf({ endpoint: target.endpoint, route }, '') + (target.route === 'messages' ? '' : slashOf(target));
  const parts = [
    ...(problem
      ? [`error="${problem.error}"`, `error_description="${problem.description.replaceAll(/["\\]/g, "'")}"`]
      : []),
    `scope="${problem?.scope ?? mcpScopes.join(' ')}"`,
    `resource_metadata="${issuer}/.well-known/oauth-protected-resource${path}"`,
  ];
  return `Bearer ${parts.join(', ')}`;
}
