import { setBounded } from '@switchboard/basics';
import type { OauthStore } from '@switchboard/core/oauth';
import { DocumentAway } from './metadata-fetch.ts';

type Fetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** The fetch of metadata documents, which gives the last good one while its host is away. */
export interface KeptDocuments {
  fetch: Fetch;
  /** Keeps the document with which a client just got a token, where it was fetched since. */
  keep(clientId: string): Promise<void>;
}

/** Most documents that were fetched and whose client has not got a token yet. */
const mostFresh = 100;

/** Whether a status says that the host cannot answer now, and nothing of the document. */
function isAwayStatus(status: number): boolean {
  return status >= 500 || status === 429 || status === 408;
}

/** Makes the fetch. A client whose document cannot be read would throw its tokens away. */
export function createKeptDocuments(
  fetch: Fetch,
  store: Pick<OauthStore, 'keepDocument' | 'keptDocument'>,
): KeptDocuments {
  const fresh = new Map<string, string>();

  async function instead(url: string): Promise<Response | null> {
    const kept = await store.keptDocument(url);
    return kept === null ? null : new Response(kept, { headers: { 'content-type': 'application/json' } });
  }

  function note(url: string, text: string): void {
    setBounded(fresh, url, text, mostFresh);
  }

  return {
    async fetch(given, init) {
      const url = given instanceof Request ? given.url : String(given);
      try {
        const response = await fetch(given, init);
        if (isAwayStatus(response.status))
          throw new DocumentAway(`The host of the document answers ${response.status}.`);
        if (response.status === 200) note(url, await response.clone().text());
        return response;
      } catch (error) {
        const kept = error instanceof DocumentAway ? await instead(url) : null;
        if (kept === null) throw error;
        return kept;
      }
    },
    async keep(clientId) {
      const text = fresh.get(clientId);
      if (text === undefined) return;
      fresh.delete(clientId);
      await store.keepDocument(clientId, text);
    },
  };
}
