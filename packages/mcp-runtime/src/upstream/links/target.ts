/** A URL prepared for many requests. */
export interface Target {
  origin: string;
  path: string;
}
