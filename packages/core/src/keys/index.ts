export { createKey, listKeys, revokeKey, updateKey } from './verbs.ts';
export { listNameable } from './nameable.ts';
