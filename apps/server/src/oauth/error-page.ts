import type { KoaContextWithOIDC } from 'oidc-provider';
import { pageHeaders } from '../http/static.ts';

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Sentences for errors that cannot be redirected to the client, by code. */
const sentences: Readonly<Record<string, string>> = {
  invalid_client: 'The hub does not know the program that sent you here, or could not read what it says of itself.',
  invalid_redirect_uri:
    'The program wants to be answered at an address that it did not register. Nothing was sent there.',
  invalid_request: 'The request of the program is not complete.',
  server_error: 'The hub failed. Its log tells more.',
};

/** Renders an error that cannot be redirected to the client. */
export function errorPage(
  ctx: KoaContextWithOIDC,
  out: { error: string; error_description?: string | undefined },
): void {
  for (const [name, value] of Object.entries(pageHeaders)) ctx.set(name, value);
  ctx.set('cache-control', 'no-store');
  ctx.type = 'html';
  const sentence = sentences[out.error] ?? 'The request of the program cannot be answered.';
  const told = [out.error, out.error_description].filter((text) => text !== undefined).join(': ');
  ctx.body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign-in of a program · Switchboard</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><h1>This program cannot sign in</h1><p>${escaped(sentence)}</p><p><code>${escaped(told)}</code></p>
<p>Begin again in the program. If that does not help, remove the sign-in of this hub that the program has saved, and add
the hub anew. Else its makers need the line above.</p></body></html>`;
}
