import { isObject } from '@switchboard/basics';

type Definition = { [key: string]: unknown };

function uiOf(holder: Definition): Definition {
  const meta = isObject(holder['_meta']) ? holder['_meta'] : {};
  // As the first drafts wrote it.
  const legacy = meta['ui/resourceUri'] === undefined ? {} : { resourceUri: meta['ui/resourceUri'] };
  return { ...legacy, ...(isObject(meta['ui']) ? meta['ui'] : {}) };
}

/** The user interface that a tool, or a result of it, names; null where it names none. */
export function interfaceOf(holder: Definition): string | null {
  const { resourceUri } = uiOf(holder);
  return typeof resourceUri === 'string' && resourceUri.startsWith('ui://') ? resourceUri : null;
}

/** Whether user interfaces may call a tool: where it does not say, they may. */
export function isForApps(tool: Definition): boolean {
  const { visibility } = uiOf(tool);
  return !Array.isArray(visibility) || visibility.includes('app');
}

/** Whether a tool says that it changes nothing. */
export function isReadOnly(tool: Definition): boolean {
  const annotations = tool['annotations'];
  return isObject(annotations) && annotations['readOnlyHint'] === true;
}
