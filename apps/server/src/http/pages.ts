import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Hono } from 'hono';
import type { HubEnv } from './env.ts';
import { pageHeaders, serveFile } from './static.ts';

const pageRoot = fileURLToPath(new URL('../../../web/dist', import.meta.url));
const docsRoot = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

export function html(body: string, status = 200) {
  return new Response(`<!doctype html><html lang="en"><head><meta charset="utf-8">${body}</html>`, {
    status,
    headers: { ...pageHeaders, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
  });
}

const docsPage = `<title>Switchboard API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/docs/swagger-ui.css"><link rel="stylesheet" href="/docs/page.css"></head>
<body><div id="docs"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>`;

/**
 * Tags are closed at first: beyond 150 rows Swagger UI draws only those in view, and neither a link to one nor the
 * browser's search finds the others.
 */
const docsStart = `window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  docExpansion: 'none',
  defaultModelsExpandDepth: 0,
  persistAuthorization: true,
  validatorUrl: null,
});`;

/** Keeps tables and long words within a narrow screen. */
const docsStyle = `body { margin: 0; }
.swagger-ui .info { margin: 24px 0; overflow-wrap: anywhere; }
.swagger-ui .info table { display: block; overflow-x: auto; }
.swagger-ui .info :is(th, td) { padding: 6px 16px 6px 0; overflow-wrap: normal; }
.swagger-ui .info td:last-child { min-width: 12em; }
.swagger-ui .info pre { overflow-x: auto; }
@media (max-width: 640px) {
  .swagger-ui .wrapper { padding: 0 12px; }
  .swagger-ui :is(.opblock-summary, .opblock-tag) { flex-wrap: wrap; }
  .swagger-ui .opblock-summary-path { max-width: 100%; }
  .swagger-ui .opblock-body { overflow-x: auto; }
}`;

const docsFiles = new Set(['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']);

const notBuilt =
  '<title>Switchboard</title></head><body><p>The page is not built. Run <code>npm start</code>.</p></body>';

async function servePage(name: string, acceptEncoding: string | undefined): Promise<Response> {
  const isAsset = name.startsWith('assets/');
  const found = name === '' ? null : await serveFile(pageRoot, name, { immutable: isAsset, acceptEncoding });
  if (found) return found;
  if (isAsset) return new Response('Not found', { status: 404, headers: { 'content-type': 'text/plain' } });
  return (await serveFile(pageRoot, 'index.html', { acceptEncoding })) ?? html(notBuilt, 503);
}

/** The page at /ui, the API reference at /docs, and what leads to them. */
export function mountPages(app: Hono<HubEnv>): void {
  app.get('/', (c) => c.redirect('/ui/'));
  app.get('/ui', (c) => c.redirect('/ui/'));
  app.get('/ui/*', (c) => servePage(c.req.path.slice('/ui/'.length), c.req.header('accept-encoding')));
  app.get('/favicon.ico', async (c) => (await serveFile(pageRoot, 'favicon.ico')) ?? c.body(null, 204));
  for (const path of ['/docs', '/docs/']) app.get(path, () => html(docsPage));
  app.get('/docs/start.js', (c) => c.body(docsStart, 200, { 'content-type': 'text/javascript; charset=utf-8' }));
  app.get('/docs/page.css', (c) => c.body(docsStyle, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.get('/docs/:file', async (c) => {
    const file = c.req.param('file');
    const acceptEncoding = c.req.header('accept-encoding');
    return (docsFiles.has(file) ? await serveFile(docsRoot, file, { acceptEncoding }) : null) ?? c.notFound();
  });
}
