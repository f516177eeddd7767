export {
  createHttpClient,
  toTarget,
  type HttpClient,
  type HttpExchange,
  type HttpHandler,
} from './upstream/links/http-client.ts';
export { retryAfterOf, saidIn } from './upstream/links/said.ts';
export { LinkError } from './upstream/link.ts';
export { createMask } from './upstream/mask.ts';
export type { Proxies } from './upstream/proxies.ts';
export { checkUrl, guardedLookup, refuseAddress } from './upstream/url-guard.ts';
