import { setBounded } from '@switchboard/basics';
import { ErrorCode, RpcError } from '../rpc.ts';
import type { Catalog, Credential, EndpointSelection, Select, WhyClosed } from '../types.ts';
import { ownersOf, type Caller } from '../upstream/owners.ts';
import { compileView, type Duplicate, type View } from '../view.ts';

type CatalogOf = (serverId: string) => Catalog | null;

/** Compiled views, kept while selection and catalogs stay as they are. */
export interface Views {
  /** Throws RpcError where the credential does not know the endpoint. */
  get(credential: Credential, endpoint: string, caller: Omit<Caller, 'credential' | 'person'>): View;
  of(selection: EndpointSelection): View;
  /** The view of a selection for one caller, with the items that servers list to it alone. */
  seenBy(selection: EndpointSelection, caller: Caller): View;
  /** Makes every view be compiled again at its next use. */
  invalidate(): void;
  /** The catalog of a server on the instance of this owner (see `Owner`); null: the common one. */
  overlay(owner: string, serverId: string, catalog: Catalog | null): void;
}

interface Compiled {
  stamp: number;
  view: View;
}

/** Views of owners with lists of their own that are kept; the longest unused go first. */
const ownViews = 200;

export interface Selecting {
  select: Select;
  whyClosed: WhyClosed;
}

export function createViews(
  { select, whyClosed }: Selecting,
  catalogOf: CatalogOf,
  onDuplicate: (duplicate: Duplicate) => void,
): Views {
  let stamp = 0;
  const cache = new WeakMap<EndpointSelection, Compiled>();
  const overlays = new Map<string, Map<string, Catalog>>();
  const own = new Map<string, Compiled>();

  function of(selection: EndpointSelection): View {
    const known = cache.get(selection);
    if (known !== undefined && known.stamp === stamp) return known.view;
    const view = compileView(selection, catalogOf, known?.view);
    cache.set(selection, { stamp, view });
    if (view !== known?.view) for (const duplicate of view.duplicates()) onDuplicate(duplicate);
    return view;
  }

  function ownView(selection: EndpointSelection, owners: readonly string[]): View {
    const key = JSON.stringify([selection.endpoint, ...owners]);
    const known = own.get(key);
    if (known !== undefined && known.stamp === stamp && known.view.selection === selection) return known.view;
    function offered(serverId: string): Catalog | null {
      for (const owner of owners) {
        const catalog = overlays.get(owner)?.get(serverId);
        if (catalog !== undefined) return catalog;
      }
      return catalogOf(serverId);
    }
    const view = compileView(selection, offered, known?.view);
    setBounded(own, key, { stamp, view }, ownViews);
    return view;
  }

  function seenBy(selection: EndpointSelection, caller: Caller): View {
    if (overlays.size === 0) return of(selection);
    const owners = ownersOf(caller).filter((owner) => overlays.has(owner));
    return owners.length === 0 ? of(selection) : ownView(selection, owners);
  }

  return {
    of,
    seenBy,
    get(credential, endpoint, { session, era, capabilities }) {
      const selection = select(credential, endpoint);
      if (selection === null) throw closedEndpoint(endpoint, whyClosed(credential, endpoint));
      return seenBy(selection, { credential: credential.key, person: credential.person, session, era, capabilities });
    },
    invalidate() {
      stamp++;
    },
    overlay(owner, serverId, catalog) {
      const mine = overlays.get(owner) ?? new Map<string, Catalog>();
      if (catalog === null && !mine.delete(serverId)) return;
      if (catalog !== null) mine.set(serverId, catalog);
      if (mine.size === 0) overlays.delete(owner);
      else overlays.set(owner, mine);
      // Rare and small: who has lists of their own are few.
      own.clear();
    },
  };
}

/** `all` is no name that anybody chose: who may not use it may use nothing yet. */
function closedEndpoint(endpoint: string, why: string | null): RpcError {
  const what =
    why ??
    (endpoint === 'all'
      ? 'These credentials may not use servers now. Sign in to the page: the account may have to change its password first.'
      : `No server named ${JSON.stringify(endpoint)} is here, or you may not use it. Look at the server list for the right URL.`);
  return new RpcError(ErrorCode.sessionNotFound, what);
}
