/** A number as it is typed; undefined where nothing is. */
export function numberOf(text: string): number | undefined {
  return text.trim() === '' ? undefined : Number(text);
}

/** A number within bounds, or nothing. */
export function fits(text: string, least: number, most: number, whole: boolean): boolean {
  const value = numberOf(text);
  return value === undefined || (value >= least && value <= most && (!whole || Number.isInteger(value)));
}
