import { createHmac } from 'node:crypto';

/**
 * The header by which a receiver knows that a post is the hub's: HMAC-SHA-256 of the body with the secret that both have,
 * in hex.
 */
export function signatureHeader(secret: string, body: string): { 'x-mcphub-signature-256': string } {
  return { 'x-mcphub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
}
