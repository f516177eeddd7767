import { merged, valueAt, type Tree } from './paths.ts';
import { settingMask, type Settings } from './schema.ts';

type Smtp = Settings['smtp'];

/** Whether what is sent with the second goes to another server, or can be read where it could not with the first. */
export function exposesPassword(before: Smtp, after: Smtp): boolean {
  if (after.host === null) return false;
  return (
    before.host?.toLowerCase() !== after.host.toLowerCase() ||
    before.port !== after.port ||
    (before.secure && !after.secure) ||
    (before.startTls !== 'never' && after.startTls === 'never') ||
    (before.verifyCertificate && !after.verifyCertificate)
  );
}

/**
 * Whether a change would send the stored password to another server than it was given for: a caller who may change
 * settings could have it sent to a server of their own. `opened` has the present settings.
 */
export function takesPasswordElsewhere(given: Tree, opened: Smtp): boolean {
  const pass = valueAt(given, 'auth.pass');
  const keeps = pass === undefined || pass === '' || pass === settingMask;
  return keeps && Boolean(opened.auth.pass) && exposesPassword(opened, merged(opened, given) as Smtp);
}
