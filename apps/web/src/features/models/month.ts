/** Months as the hub counts them, in UTC: "2026-11". */

export function monthAt(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 7);
}

/** The month that is so many months later, or earlier. */
export function monthAfter(month: string, months: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return monthAt(Date.UTC(year, number - 1 + months));
}

/** "November 2026". */
export function monthName(month: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return format.format(Date.parse(`${month}-01T00:00:00Z`));
}
