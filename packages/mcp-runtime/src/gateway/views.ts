import { ErrorCode, RpcError } from '../rpc.ts';
import type { Catalog, Credential, EndpointSelection, Select } from '../types.ts';
import { compileView } from '../view.ts';
import type { View } from '../view.ts';

type CatalogOf = (serverId: string) => Catalog | null;

/** Compiled views, kept while selection and catalogs stay as they are. */
export interface Views {
  /** Throws RpcError where the credential does not know the endpoint. */
  get(credential: Credential, endpoint: string): View;
  of(selection: EndpointSelection): View;
  /** Makes every view be compiled anew when it is next wanted. */
  invalidate(): void;
  /** Rises with every catalog change. */
  stamp(): number;
}

export function createViews(select: Select, catalogOf: CatalogOf): Views {
  let stamp = 0;
  const cache = new WeakMap<EndpointSelection, { stamp: number; view: View }>();
  const of = (selection: EndpointSelection): View => {
    const known = cache.get(selection);
    if (known !== undefined && known.stamp === stamp) return known.view;
    const view = compileView(selection, catalogOf);
    cache.set(selection, { stamp, view });
    return view;
  };
  return {
    of,
    get(credential, endpoint) {
      const selection = select(credential, endpoint);
      if (selection === null) throw unknownEndpoint(endpoint);
      return of(selection);
    },
    invalidate() {
      stamp++;
    },
    stamp: () => stamp,
  };
}

export function unknownEndpoint(endpoint: string): RpcError {
  return new RpcError(
    ErrorCode.sessionNotFound,
    `No server named ${JSON.stringify(endpoint)} is here, or you may not use it. Look at the server list for the right URL.`,
  );
}
