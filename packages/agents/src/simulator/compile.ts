import type { JsonObject } from '../types.ts';
import { createTemplates, type CompiledTemplate, type Templates } from './answers/liquid.ts';
import { replayIndex, type ReplayIndex } from './answers/replay.ts';
import { mostActions } from './bounds.ts';
import { jsonAnswer, type Answer } from './results.ts';
import { schemaCheck, type SchemaCheck } from './schema/check.ts';
import { inputSchemaOf, toolOf } from './tools.ts';
import type { AnswerMode, ReplayPair, SimulatedAction, SimulatedApp } from './types.ts';

/** A mistake of the app's author; the rest of the app works. */
export interface AppProblem {
  action: string;
  /** Which part of the action. */
  part: 'name' | 'answers' | 'changes';
  /** The index of the answer mode. */
  index: number | null;
  message: string;
}

/** A template that was made, or why it could not be. */
export type MaybeTemplate = { template: CompiledTemplate } | { template: null; why: string };

/** An answer mode that is ready. */
export type CompiledMode =
  | { mode: 'static'; answer: Answer }
  | { mode: 'replay' }
  | ({ mode: 'template' } & MaybeTemplate)
  | Extract<AnswerMode, { mode: 'model' }>;

export interface CompiledAction {
  action: SimulatedAction;
  inputSchema: JsonObject;
  checkArguments: SchemaCheck;
  checkAnswer: SchemaCheck | null;
  modes: readonly CompiledMode[];
  changes: MaybeTemplate | null;
  replay: ReplayIndex;
  /** Some template has made-up values. */
  needsFakes: boolean;
}

/** An app that is ready to be called. It is not changed by that. */
export interface CompiledApp {
  app: SimulatedApp;
  /** As `tools/list` gives them. */
  tools: readonly JsonObject[];
  actions: ReadonlyMap<string, CompiledAction>;
  problems: readonly AppProblem[];
}

/** Notes what is wrong while an app is made ready. */
type Note = (problem: AppProblem) => void;

function templateOf(templates: Templates, body: string, note: (why: string) => void): MaybeTemplate {
  try {
    return { template: templates.compile(body) };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'It is no template';
    note(why);
    return { template: null, why };
  }
}

function modesOf(action: SimulatedAction, templates: Templates, note: Note): CompiledMode[] {
  const modes: readonly AnswerMode[] =
    action.answers.length > 0 ? action.answers : [{ mode: 'model', model: null, cache: false }];
  return modes.map((mode, index): CompiledMode => {
    if (mode.mode === 'static') return { mode: 'static', answer: jsonAnswer(mode.value) };
    if (mode.mode !== 'template') return mode;
    function noteIt(message: string): void {
      note({ action: action.name, part: 'answers', index, message });
    }
    return { mode: 'template', ...templateOf(templates, mode.body, noteIt) };
  });
}

function changesOf(action: SimulatedAction, templates: Templates, note: Note): MaybeTemplate | null {
  if (action.changes === null || action.changes.trim() === '') return null;
  return templateOf(templates, action.changes, (message) =>
    note({ action: action.name, part: 'changes', index: null, message }),
  );
}

function compileAction(
  action: SimulatedAction,
  pairs: readonly ReplayPair[],
  templates: Templates,
  note: Note,
): CompiledAction {
  const inputSchema = inputSchemaOf(action);
  const modes = modesOf(action, templates, note);
  const changes = changesOf(action, templates, note);
  return {
    action,
    inputSchema,
    checkArguments: schemaCheck(inputSchema),
    checkAnswer: action.outputSchema === null ? null : schemaCheck(action.outputSchema),
    modes,
    changes,
    replay: replayIndex(pairs, inputSchema),
    needsFakes: [...modes, changes].some((part) => part !== null && 'template' in part && part.template?.needsFakes),
  };
}

/**
 * Compiles an app: its tools, checks, templates and recorded calls. Its mistakes are in `problems`, and in the answers
 * of the actions concerned.
 */
export function compileApp(app: SimulatedApp, pairs: readonly ReplayPair[] = []): CompiledApp {
  const templates = createTemplates();
  const problems: AppProblem[] = [];
  const actions = new Map<string, CompiledAction>();
  const recorded = Map.groupBy(pairs, (pair) => pair.action);
  for (const action of app.actions.slice(0, mostActions)) {
    if (actions.has(action.name)) {
      const message = 'There is another action of this name';
      problems.push({ action: action.name, part: 'name', index: null, message });
      continue;
    }
    actions.set(
      action.name,
      compileAction(action, recorded.get(action.name) ?? [], templates, (problem) => problems.push(problem)),
    );
  }
  const compiled = [...actions.values()];
  return {
    app,
    tools: compiled.map(({ action, inputSchema }) => toolOf(action, inputSchema)),
    actions,
    problems,
  };
}
