export { requestLimits, type Limits } from './limits.ts';
