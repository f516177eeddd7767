import type { SettingField } from './fields.ts';

/** What was changed in a form, by path, as it is typed. A secret that is null goes away. */
export type SettingDraft = Readonly<Record<string, string | boolean | null>>;

/** What stands at a dotted path. */
export function settingAt(section: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Reflect.get(value, key) as unknown;
  }, section);
}

/** A stored value as it is typed. */
export function asTyped({ kind, path }: SettingField, section: unknown): string | boolean {
  const value = settingAt(section, path);
  if (kind === 'switch') return value === true;
  // A secret is not told; what is typed replaces it.
  if (kind === 'secret' || value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.join('\n');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function asGiven({ kind }: SettingField, typed: string | boolean | null): unknown {
  if (typed === null || typeof typed === 'boolean') return typed;
  if (kind === 'number') return typed.trim() === '' ? null : Number(typed);
  if (kind === 'lines') return typed.split(/[\n,]/).flatMap((line) => line.trim() || []);
  if (kind === 'long') return typed.trim() === '' ? null : typed;
  return kind === 'text' && typed.trim() === '' ? null : typed.trim();
}

/** The changes of a form as the hub takes them; secrets that were left empty stay as they are. */
export function toPatch(fields: readonly SettingField[], draft: SettingDraft): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  for (const field of fields) {
    const typed = draft[field.path];
    if (typed === undefined || (field.kind === 'secret' && typed === '')) continue;
    const [first = '', second] = field.path.split('.');
    const value = asGiven(field, typed);
    if (second === undefined) patch[first] = value;
    else patch[first] = { ...(patch[first] as object | undefined), [second]: value };
  }
  return patch;
}
