import { Liquid, type Context, type Template } from 'liquidjs';
import type { JsonObject } from '../../types.ts';
import { mostAnswer, mostTemplate } from '../bounds.ts';
import { wholeOf, type Random } from '../chance.ts';
import { fakeOf, type Fakes } from './fakes.ts';

/** The sources of one rendering besides its values. */
export interface RenderRun {
  random: Random;
  /** Epoch milliseconds. */
  time: number;
  /** Null where the template has no made-up values. */
  fakes: Fakes | null;
}

export interface CompiledTemplate {
  /** It has made-up values: the library for them has to be there. */
  needsFakes: boolean;
  /** Throws TemplateError. */
  render(values: JsonObject, run: RenderRun): string;
}

/** Why a template gives nothing; the message is for its author. */
export class TemplateError extends Error {
  override name = 'TemplateError';
}

/** Milliseconds of one rendering, and characters and entries that it makes. */
const renderMs = 500;
const mostMade = 4_000_000;

/** They read files, or parts that are templates of their own: there are none. */
const forbiddenTags = ['include', 'render', 'layout', 'block'];
/** They look at each entry with an expression, one within the other without an end that the engine sees to. */
const forbiddenFilters = [
  'where_exp',
  'reject_exp',
  'group_by_exp',
  'has_exp',
  'find_exp',
  'find_index_exp',
  'date_to_xmlschema',
  'date_to_rfc822',
  'date_to_string',
  'date_to_long_string',
];

interface FilterThis {
  context: Context;
}

/** Counts what is written, so that a loop that writes ends. */
function counted(this: FilterThis, value: unknown): unknown {
  if (typeof value === 'string') this.context.memoryLimit.use(value.length);
  return value;
}

/** Makes templates; one rendering at a time, since none waits. */
export function createTemplates() {
  let run: RenderRun | null = null;
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    parseLimit: mostTemplate,
    renderLimit: renderMs,
    memoryLimit: mostMade,
    templates: {},
    cache: false,
    timezoneOffset: 0,
    locale: 'en-US',
    dateFormat: '%Y-%m-%dT%H:%M:%SZ',
    outputEscape: counted as (value: unknown) => string,
  });
  for (const tag of forbiddenTags) delete liquid.tags[tag];
  for (const filter of forbiddenFilters) delete liquid.filters[filter];
  countCaptures(liquid);
  addJsonFilters(liquid);

  liquid.registerFilter('fake', (name: unknown, ...args: unknown[]) => {
    if (run?.fakes === null || run === null) throw new TemplateError('There are no made-up values here');
    return fakeOf(run.fakes, typeof name === 'string' ? name : '', args, run.random, run.time);
  });
  liquid.registerFilter('sample', (value: unknown) => {
    const entries: unknown[] = Array.isArray(value) ? value : [];
    return run === null ? undefined : entries[wholeOf(run.random, 0, entries.length - 1)];
  });
  const dateFilter = liquid.filters['date'] as (this: FilterThis, ...args: unknown[]) => unknown;
  liquid.registerFilter('date', function date(this: FilterThis, value: unknown, ...args: unknown[]) {
    const isNow = value === 'now' || value === 'today';
    return dateFilter.call(this, isNow && run !== null ? Math.floor(run.time / 1000) : value, ...args);
  });

  function render(templates: Template[], values: JsonObject, using: RenderRun): string {
    run = using;
    try {
      const text = liquid.renderSync(templates, values) as string;
      if (text.length > mostAnswer) throw new TemplateError(`It gives more than ${mostAnswer} characters`);
      return text;
    } catch (error) {
      throw asTemplateError(error);
    } finally {
      run = null;
    }
  }

  return {
    /** Throws TemplateError where it is none. */
    compile(body: string): CompiledTemplate {
      const templates = parse(liquid, body);
      return {
        needsFakes: body.includes('fake'),
        render: (values, using) => render(templates, values, using),
      };
    },
  };
}

export type Templates = ReturnType<typeof createTemplates>;

function parse(liquid: Liquid, body: string): Template[] {
  try {
    return liquid.parse(body);
  } catch (error) {
    throw asTemplateError(error);
  }
}

/** A missing value is `null` in JSON, and `pointer` makes a value a segment of a JSON Pointer inside a text of JSON. */
function addJsonFilters(liquid: Liquid): void {
  const jsonFilter = liquid.filters['json'] as (this: FilterThis, ...args: unknown[]) => unknown;
  liquid.registerFilter('json', function json(this: FilterThis, value: unknown, ...args: unknown[]) {
    return jsonFilter.call(this, value ?? null, ...args);
  });
  liquid.registerFilter('pointer', function pointer(this: FilterThis, value: unknown) {
    const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    const token = isPlain ? String(value).replaceAll('~', '~0').replaceAll('/', '~1') : '';
    const text = JSON.stringify(token).slice(1, -1);
    this.context.memoryLimit.use(text.length);
    return text;
  });
}

/** Captured text counts as well: text that is captured twice in itself doubles. */
function countCaptures(liquid: Liquid): void {
  const Capture = liquid.tags['capture'];
  if (Capture === undefined) return;
  const inner = Symbol('inner');
  liquid.registerTag('capture', {
    parse(token, remaining) {
      Reflect.set(this, inner, new Capture(token, remaining, liquid, this.liquid.parser));
    },
    *render(context: Context, emitter): Generator<unknown, void, unknown> {
      const tag = Reflect.get(this, inner) as InstanceType<typeof Capture> & { variable: string };
      yield tag.render(context, emitter);
      const text: unknown = Reflect.get(context.bottom(), tag.variable);
      if (typeof text === 'string') context.memoryLimit.use(text.length);
    },
  });
}

function asTemplateError(error: unknown): TemplateError {
  if (error instanceof TemplateError) return error;
  const said = error instanceof Error ? error.message : 'It cannot be read';
  return new TemplateError(said.slice(0, 500), { cause: error });
}
