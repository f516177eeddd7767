export { ProviderError, type ProviderErrorCode } from './errors.ts';
export { demoModel } from './demo/model.ts';
export { accumulate, createAccumulator } from './providers/accumulate.ts';
export { nameTools } from './providers/tool-names.ts';
export { createProviders, type ProvidersOptions } from './providers/providers.ts';
export type * from './types.ts';
