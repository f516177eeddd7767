import { safeLink } from '../../lib/safe-link.ts';
import { decodeEntities } from './entities.ts';

/** Where a link of a text may lead: the web, or a new mail. Null for anything else, relative addresses too. */
export function linkAddress(written: string): string | null {
  const address = decodeEntities(written).trim();
  if (URL.canParse(address) && new URL(address).protocol === 'mailto:') return address;
  return safeLink(address);
}

/** An image that stands in the text itself. One of another host is not loaded: that host would learn who reads. */
export function imageAddress(written: string): string | null {
  return /^data:image\/(?:png|jpeg|gif|webp);base64,[\w+/=]+$/.test(written) ? written : null;
}
