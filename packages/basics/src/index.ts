export { setBounded } from './bounded.ts';
export { isObject, type JsonObject } from './objects.ts';
export { waitFor } from './wait-for.ts';
