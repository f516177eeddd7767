import type { JsonObject } from '../../types.ts';
import { jsonAnswer, type Answer } from '../results.ts';
import type { CallContext } from './context.ts';

/** The answer to a call that failed, in the shape of the documented failure. */
export function failure(call: CallContext, error: string, detail: string, more: JsonObject = {}): Answer {
  const app = call.compiled.app.name;
  const action = call.action.action.name;
  return jsonAnswer({ success: false, error, error_detail: detail, code: 500, app, action, ...more }, true);
}
