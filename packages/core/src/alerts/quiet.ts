import type { QuietHours } from './schema.ts';

function minutesOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** Whether it is quiet at a moment (epoch milliseconds); `until` itself is not. */
export function isQuiet({ from, until, timeZone }: QuietHours, at: number): boolean {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const now = minutesOf(format.format(at));
  const [begin, end] = [minutesOf(from), minutesOf(until)];
  return begin <= end ? begin <= now && now < end : now >= begin || now < end;
}
