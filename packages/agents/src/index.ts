export { ProviderError, type ProviderErrorCode } from './errors.ts';
export type * from './types.ts';
