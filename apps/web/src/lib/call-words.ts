import type { TFunction } from 'i18next';
import type { CallRecord } from './api-types.ts';
import { tellReason } from './reasons.ts';

type Who = Pick<CallRecord, 'credential' | 'userId' | 'userName' | 'keyId' | 'keyName'>;

/** Who made a call, in words: a name, else what kind of caller it was. */
export function personOf({ credential, userId, userName }: Who, t: TFunction): string {
  if (userName !== null) return userName;
  if (userId !== null) return userId;
  return credential === 'local' ? t('call.local') : t('call.unknownCaller');
}

/** The API key of a call by its name; null where none was used. */
export function keyOf({ keyId, keyName }: Who): string | null {
  return keyName ?? keyId;
}

/** Why a call failed, in words; null where it did not. */
export function reasonOf(
  call: Pick<CallRecord, 'outcome' | 'errorMessage' | 'errorReason'>,
  t: TFunction,
): string | null {
  if (call.outcome !== 'tool_error') return call.errorMessage && tellReason(call.errorReason, call.errorMessage, t);
  if (call.errorMessage === null) return t('call.reasonNotRecorded');
  return call.errorMessage === '' ? t('call.noReason') : call.errorMessage;
}
