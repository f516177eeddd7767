export { createKey, listKeys, revokeKey, updateKey } from './verbs.ts';
