import type { JsonObject } from '../../types.ts';
import type { CompiledMode, MaybeTemplate } from '../compile.ts';
import type { AnsweredBy } from '../ports.ts';
import { jsonAnswer, textAnswer, type Answer } from '../results.ts';
import { sampleOf } from '../schema/sample.ts';
import { cannedAnswer } from './canned.ts';
import { changed } from './changes.ts';
import { chanceOf, runOf, valuesOf, type CallContext } from './context.ts';
import { failure } from './failure.ts';
import { TemplateError } from './liquid.ts';
import { askModel } from './model.ts';
import { replayed } from './replay.ts';

/** An answer, and the mode that gave it. */
export interface Answered {
  mode: AnsweredBy;
  answer: Answer;
  model: string | null;
}

function rendered(call: CallContext, { template, ...rest }: MaybeTemplate, state: JsonObject): Answer | null {
  try {
    if (template === null) throw new TemplateError('why' in rest ? rest.why : '');
    const text = template.render(valuesOf(call, state), runOf(call, 'template'));
    // A template that says nothing leaves the call to the next mode.
    return text.trim() === '' ? null : textAnswer(text);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return failure(call, 'The template of the answer failed', error.message);
  }
}

/** The answer, unless it is none that the action may give. */
function checked(call: CallContext, answer: Answer): Answer {
  const check = call.action.checkAnswer;
  if (check === null || answer.isError) return answer;
  const [problem] = answer.value === undefined ? [] : check(answer.value);
  if (answer.value !== undefined && problem === undefined) return answer;
  const detail = problem === undefined ? 'It is no JSON' : `${problem.path || 'It'} ${problem.message}`;
  return failure(call, 'The answer does not fit the output schema', detail);
}

/** The answer of a mode that does not wait; null where it has none. */
function answerOf(call: CallContext, mode: Exclude<CompiledMode, { mode: 'model' }>, state: JsonObject): Answer | null {
  switch (mode.mode) {
    case 'static':
      return checked(call, mode.answer);
    case 'template': {
      const answer = rendered(call, mode, state);
      return answer === null ? null : checked(call, answer);
    }
    case 'replay':
      return replayed(call.action.replay, call.given, call.action.inputSchema);
  }
}

/** The answer where no mode has one: made up by the output schema, where there is one. */
function canned(call: CallContext): Answer {
  const { compiled, action, arguments: args, time } = call;
  const random = chanceOf(call, 'canned');
  const { outputSchema } = action.action;
  if (outputSchema !== null) return checked(call, jsonAnswer(sampleOf(outputSchema, random, time)));
  return jsonAnswer(cannedAnswer({ app: compiled.app, action: action.action, arguments: args, random, time }));
}

/** Asks the modes from `from` on, as far as they wait for nobody: an answer, or the index of the model to ask. */
function tryModes(call: CallContext, from: number, state: JsonObject): Answered | number {
  const { modes } = call.action;
  for (let index = from; index < modes.length; index += 1) {
    const mode = modes[index];
    if (mode === undefined) continue;
    if (mode.mode === 'model') return index;
    const answer = answerOf(call, mode, state);
    if (answer !== null) return { mode: mode.mode, answer, model: null };
  }
  return { mode: 'canned', answer: canned(call), model: null };
}

/** Asks the modes and changes the state by what they answer, at once: nobody comes in between. */
async function tryAndChange(call: CallContext, from: number): Promise<Answered | number> {
  const { state } = call.scope;
  if (call.action.changes === null) return tryModes(call, from, await state.read());
  return changing(call, (current) => tryModes(call, from, current));
}

/** Changes the state by the answer that `answering` gives; a failed change replaces the answer. */
async function changing(
  call: CallContext,
  answering: (state: JsonObject) => Answered | number,
): Promise<Answered | number> {
  const { changes } = call.action;
  let came: Answered | number = 0;
  await call.scope.state.change((state) => {
    came = answering(state);
    if (changes === null || typeof came === 'number' || came.answer.isError) return state;
    const result = changed(call, changes, state, came.answer);
    if (result.state !== null) return result.state;
    came = { ...came, answer: failure(call, 'The state could not be changed', result.why) };
    return state;
  });
  return came;
}

/** The answer of a mode's model, with its change of the state; null where there is no model. */
async function modelAnswered(call: CallContext, index: number): Promise<Answered | null> {
  const mode = call.action.modes[index];
  const came = mode?.mode === 'model' ? await askModel(call, mode) : null;
  if (came === null) return null;
  const answered: Answered = { mode: 'model', ...came };
  if (call.action.changes === null) return answered;
  const after = await changing(call, () => answered);
  return typeof after === 'number' ? null : after;
}

/** The result of a call: of the first mode that can answer. */
export async function answerCall(call: CallContext): Promise<Answered> {
  for (let from = 0; ;) {
    const came = await tryAndChange(call, from);
    if (typeof came !== 'number') return came;
    const answered = await modelAnswered(call, came);
    if (answered !== null) return answered;
    from = came + 1;
  }
}
