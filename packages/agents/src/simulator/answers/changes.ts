import type { JsonObject } from '../../types.ts';
import { readJson } from '../bounds.ts';
import type { MaybeTemplate } from '../compile.ts';
import { applyPatch, PatchError } from '../patch.ts';
import type { Answer } from '../results.ts';
import { runOf, valuesOf, type CallContext } from './context.ts';
import { TemplateError } from './liquid.ts';

/** The state after an answer, or why it cannot be changed. */
export type Changed = { state: JsonObject } | { state: null; why: string };

/** The state after the changes of an action. A template without output changes nothing. */
export function changed(
  call: CallContext,
  { template, ...rest }: MaybeTemplate,
  state: JsonObject,
  answer: Answer,
): Changed {
  try {
    if (template === null) throw new TemplateError('why' in rest ? rest.why : '');
    const values = { ...valuesOf(call, state), answer: answer.value === undefined ? answer.text : answer.value };
    const text = template.render(values, runOf(call, 'changes')).trim();
    if (text === '') return { state };
    const patch = readJson(text);
    if (patch === undefined) return { state: null, why: 'The changes are no JSON' };
    return { state: applyPatch(state, patch) };
  } catch (error) {
    if (error instanceof TemplateError || error instanceof PatchError) return { state: null, why: error.message };
    throw error;
  }
}
