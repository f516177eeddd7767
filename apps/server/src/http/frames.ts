import type { Hono } from 'hono';
import { takeFrame } from '@switchboard/core/frames';
import type { HubEnv } from './env.ts';

/** Features of the browser that a document in a frame may not use, whatever its page allows. */
const noFeatures = ['camera', 'microphone', 'geolocation', 'display-capture', 'usb', 'serial', 'hid', 'payment'];

/**
 * Documents that servers and models wrote. Each has an origin of its own that is nobody's, by the policy of its answer
 * and not only by the frame's attribute, so that it is the same document wherever it is opened.
 */
export function mountFrames(app: Hono<HubEnv>): void {
  app.get('/frames/:id', async (c) => {
    const site = c.req.header('sec-fetch-site');
    // Another page, or a document in a frame itself, learns nothing of what the person's sign-in holds here.
    if (site !== undefined && site !== 'same-origin') return c.notFound();
    const { core } = await c.get('api')();
    const { html, policy } = await takeFrame(core, { frameId: c.req.param('id') });
    return c.body(html, 200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'permissions-policy': noFeatures.map((name) => `${name}=()`).join(', '),
      'x-dns-prefetch-control': 'off',
      'cache-control': 'no-store',
    });
  });
}
