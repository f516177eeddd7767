import { ErrorCode, RpcError } from '../rpc.ts';
import type { Catalog, Credential, EndpointSelection, Select } from '../types.ts';
import { compileView } from '../view.ts';
import type { View } from '../view.ts';

type CatalogOf = (serverId: string) => Catalog | null;

/** Compiled views, kept while selection and catalogs stay as they are. */
export interface Views {
  /** Throws RpcError where the credential does not know the endpoint. */
  get(credential: Credential, endpoint: string, session: string | null): View;
  of(selection: EndpointSelection): View;
  /** Makes every view be compiled anew when it is next wanted. */
  invalidate(): void;
  /** What a server offers on an instance of this owner alone (session id or credential); null: as everybody. */
  overlay(owner: string, serverId: string, catalog: Catalog | null): void;
}

interface Compiled {
  stamp: number;
  view: View;
}

export function createViews(select: Select, catalogOf: CatalogOf): Views {
  let stamp = 0;
  const cache = new WeakMap<EndpointSelection, Compiled>();
  const overlays = new Map<string, Map<string, Catalog>>();
  const own = new WeakMap<EndpointSelection, Map<string, Compiled>>();

  const of = (selection: EndpointSelection): View => {
    const known = cache.get(selection);
    if (known !== undefined && known.stamp === stamp) return known.view;
    const view = compileView(selection, catalogOf);
    cache.set(selection, { stamp, view });
    return view;
  };

  const ownView = (selection: EndpointSelection, owners: readonly string[]): View => {
    const compiled = own.get(selection) ?? new Map<string, Compiled>();
    own.set(selection, compiled);
    const key = owners.join('\n');
    const known = compiled.get(key);
    if (known !== undefined && known.stamp === stamp) return known.view;
    const find = (serverId: string): Catalog | null => {
      for (const owner of owners) {
        const catalog = overlays.get(owner)?.get(serverId);
        if (catalog !== undefined) return catalog;
      }
      return catalogOf(serverId);
    };
    const view = compileView(selection, find);
    compiled.set(key, { stamp, view });
    return view;
  };

  return {
    of,
    get(credential, endpoint, session) {
      const selection = select(credential, endpoint);
      if (selection === null) throw unknownEndpoint(endpoint);
      if (overlays.size === 0) return of(selection);
      const owners = [session, credential.key].filter((owner) => owner !== null && overlays.has(owner));
      return owners.length === 0 ? of(selection) : ownView(selection, owners.map(String));
    },
    invalidate() {
      stamp++;
    },
    overlay(owner, serverId, catalog) {
      const mine = overlays.get(owner) ?? new Map<string, Catalog>();
      if (catalog === null) mine.delete(serverId);
      else mine.set(serverId, catalog);
      if (mine.size === 0) overlays.delete(owner);
      else overlays.set(owner, mine);
      stamp++;
    },
  };
}

export function unknownEndpoint(endpoint: string): RpcError {
  return new RpcError(
    ErrorCode.sessionNotFound,
    `No server named ${JSON.stringify(endpoint)} is here, or you may not use it. Look at the server list for the right URL.`,
  );
}
