import type { TFunction } from 'i18next';
import type { Reason } from '@switchboard/mcp-runtime/types';

/** Words for reasons by their codes; a language without them has the hub's English. */
export const reasonNamespace = 'reasons';

/** Why something is as it is, in the reader's language; `text` where the hub has no code for it. */
export function tellReason(reason: Reason | null | undefined, text: string, t: TFunction): string {
  if (!reason) return text;
  const words = Object.entries(reason.params).map(([name, param]) => [
    name,
    typeof param === 'object' ? tellReason(param, param.text, t) : param,
  ]);
  const key = `${reasonNamespace}:${reason.code}` as 'httpHint.itsFault';
  return t(key, { replace: Object.fromEntries(words), defaultValue: reason.text });
}

/** The HTTP status that a reason is about; null where it is about none. */
function statusOf({ params }: Reason): number | null {
  if (typeof params['status'] === 'number') return params['status'];
  const { first, reason } = params;
  const nested = [first, reason].filter((param) => typeof param === 'object');
  return nested.map(statusOf).find((status) => status !== null) ?? null;
}

/** What to do where a remote server answers with a status that says little by itself; null: nobody knows more. */
export function hintOf(reason: Reason | null, t: TFunction): string | null {
  const status = reason === null ? null : statusOf(reason);
  if (status === 403) return t('httpHint.forbidden');
  if (status === 429) return t('httpHint.tooMany');
  return status !== null && status >= 500 && status < 600 ? t('httpHint.itsFault') : null;
}
