/** A JSON object whose members nothing has checked yet. */
export type JsonObject = { [key: string]: unknown };

/** Whether a value is a JSON object, and not a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
