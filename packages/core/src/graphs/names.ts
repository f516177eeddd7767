import { DomainError } from '../errors.ts';
import { say } from '../reasons.ts';

const longest = 100;
/** Words of paths under `/graphs/`. */
const reserved: ReadonlySet<string> = new Set([
  'execute',
  'generate',
  'import',
  'import_package',
  'import_from_file',
  'import_package_from_file',
  'export',
]);

// oxlint-disable-next-line no-control-regex -- refusing control characters is the point
const allowed = /^[^\u0000-\u001f\u007f/\\.]+$/;

/** Throws `invalid` for what no graph may be called. */
export function requireName(name: string): void {
  const isFine = name.length <= longest && allowed.test(name) && name.trim() === name && name.isWellFormed();
  const why = isFine
    ? reserved.has(name.toLowerCase())
      ? say('graphNameReserved', { name })
      : null
    : say('graphNameRule');
  if (why) throw new DomainError('invalid', why, { value: name });
}
