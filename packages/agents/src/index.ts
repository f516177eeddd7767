export { ProviderError, type ProviderErrorCode } from './errors.ts';
export { accumulate, createAccumulator } from './providers/accumulate.ts';
export { protocolOf } from './providers/endpoint.ts';
export { headerAllowed } from './providers/headers.ts';
export { createProviders, type ProvidersOptions } from './providers/providers.ts';
export type * from './types.ts';
