import type * as OidcProvider from 'oidc-provider';

/** The package that speaks the protocol. */
export type Engine = typeof OidcProvider;

let loaded: Engine | null = null;

/** Loads the engine. Only hubs that clients sign in to need it, and it takes more memory than an idle hub should. */
export async function loadEngine(): Promise<Engine> {
  loaded ??= await import('oidc-provider');
  return loaded;
}

/** The engine, for code that runs only within it. */
export function engine(): Engine {
  if (loaded === null) throw new Error('The engine of OAuth is not loaded.');
  return loaded;
}
