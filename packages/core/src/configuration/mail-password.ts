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
 * Whether a change would send the stored password where nobody gave it for: whoever may change settings could have it
 * told by a server of his own. `opened` is what holds now.
 */
export function takesPasswordElsewhere(given: Tree, opened: Smtp): boolean {
  const pass = valueAt(given, 'auth.pass');
  const keeps = pass === undefined || pass === '' || pass === settingMask;
  return keeps && Boolean(opened.auth.pass) && exposesPassword(opened, merged(opened, given) as Smtp);
}
