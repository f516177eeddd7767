import type { Context, Hono } from 'hono';
import { isDomainError } from '@switchboard/core';
import { finishSignIn } from '@switchboard/core/sign-ins';
import { clientMetadata } from '@switchboard/mcp-runtime';
import type { HubEnv } from './env.ts';
import { html } from './pages.ts';
import type { AppOptions } from './web-deps.ts';

const callbackPath = '/oauth/callback';
const documentPath = '/client-metadata.json';

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The page for a person whose answer from an authorization server leads nowhere. */
function failedPage(message: string): Response {
  const title = 'The sign-in did not end well';
  const back = '<p><a href="/ui/">Back to Switchboard</a></p>';
  return html(`<title>${title}</title></head><body><h1>${title}</h1><p>${escaped(message)}</p>${back}</body>`, 400);
}

async function takeAnswer(c: Context<HubEnv>): Promise<Response> {
  const { core } = await c.get('api')();
  try {
    const { serverId } = await finishSignIn(core, { query: new URL(c.req.url).search });
    // The address contains the code: the browser leaves it at once, and sends no referrer.
    return new Response(null, {
      status: 303,
      headers: {
        location: `/ui/servers/${encodeURIComponent(serverId)}`,
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      },
    });
  } catch (error) {
    if (isDomainError(error) && error.code !== 'internal') return failedPage(error.message);
    throw error;
  }
}

/** The hub as a client of the authorization servers of others: what it says of itself, and where people come back to. */
export function mountSignIns(app: Hono<HubEnv>, { instance }: AppOptions): void {
  app.get(callbackPath, (c) => takeAnswer(c));
  const { publicUrl } = instance;
  if (publicUrl?.startsWith('https:') !== true) return;
  const base = publicUrl.replace(/\/$/, '');
  const document = {
    client_id: base + documentPath,
    client_uri: base,
    ...clientMetadata(base + callbackPath),
    token_endpoint_auth_method: 'none',
  };
  app.get(documentPath, (c) => c.json(document, 200, { 'cache-control': 'public, max-age=3600' }));
}
