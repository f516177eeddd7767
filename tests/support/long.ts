/** True in `npm run test:long`, where matrices are run whole. */
export const isLong = process.env['SWITCHBOARD_SOAK'] === '1';

/** How often something is done: enough to touch each behaviour, or, in the long tests, enough to meet what is rare. */
export function times(usual: number, long: number): number {
  return isLong ? long : usual;
}
