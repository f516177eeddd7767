import type { JsonObject } from '../../types.ts';
import { randomOf, type Random } from '../chance.ts';
import type { CompiledAction, CompiledApp } from '../compile.ts';
import type { Scope, SimulatorPorts } from '../ports.ts';
import type { Fakes } from './fakes.ts';
import type { RenderRun } from './liquid.ts';

/** One call that is to be answered. */
export interface CallContext {
  ports: SimulatorPorts;
  compiled: CompiledApp;
  action: CompiledAction;
  /** As they came. */
  given: JsonObject;
  /** With the defaults of what is missing. */
  arguments: JsonObject;
  scope: Scope;
  seed: string;
  /** The seed is somebody's, not chance. */
  seeded: boolean;
  /** Of the scope's calls, from 1. */
  number: number;
  /** Epoch milliseconds; by the seed where there is one. */
  time: number;
  fakes: Fakes | null;
}

/** Chance of one purpose of a call: by seed, action and number alone. */
export function chanceOf({ seed, action, number }: CallContext, purpose: string): Random {
  return randomOf(seed, action.action.name, number, purpose);
}

/** The sources of a template: chance, time and makers. */
export function runOf(call: CallContext, purpose: string): RenderRun {
  return { random: chanceOf(call, purpose), time: call.time, fakes: call.fakes };
}

/** The values that a template reads. */
export function valuesOf(call: CallContext, state: JsonObject): JsonObject {
  const { app } = call.compiled;
  const { action } = call.action;
  return {
    arguments: call.arguments,
    state,
    app: {
      category: app.category,
      name: app.name,
      displayName: app.displayName,
      display_name: app.displayName,
      description: app.description,
    },
    action: {
      name: action.name,
      displayName: action.displayName,
      display_name: action.displayName,
      description: action.description,
    },
    call: { number: call.number, time: new Date(call.time).toISOString() },
  };
}
