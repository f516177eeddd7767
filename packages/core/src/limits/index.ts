export type { Limits } from './limits.ts';
export { requestLimits } from './schema.ts';
