/** The kinds in which Anthropic makes its models. */
export type Family = 'opus' | 'sonnet' | 'haiku';

/** Names of models that the provider has retired, or retires, and the family that follows them. */
const retired: Readonly<Record<string, Family>> = {
  'claude-instant-1': 'haiku',
  'claude-instant-1.1': 'haiku',
  'claude-instant-1.2': 'haiku',
  'claude-1': 'sonnet',
  'claude-1.3': 'sonnet',
  'claude-2': 'sonnet',
  'claude-2.0': 'sonnet',
  'claude-2.1': 'sonnet',
  'claude-3-opus-20240229': 'opus',
  'claude-3-opus-latest': 'opus',
  'claude-3-sonnet-20240229': 'sonnet',
  'claude-3-haiku-20240307': 'haiku',
  'claude-3-5-sonnet-20240620': 'sonnet',
  'claude-3-5-sonnet-20241022': 'sonnet',
  'claude-3-5-sonnet-latest': 'sonnet',
  'claude-3-5-haiku-20241022': 'haiku',
  'claude-3-5-haiku-latest': 'haiku',
  'claude-3-7-sonnet-20250219': 'sonnet',
  'claude-3-7-sonnet-latest': 'sonnet',
};

/** Of which family the successor of a retired model is; null where the name is none of those. */
export function familyOfRetired(name: string): Family | null {
  return Object.hasOwn(retired, name) ? (retired[name] ?? null) : null;
}
