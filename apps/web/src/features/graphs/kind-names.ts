import type { Graph } from '@switchboard/core/graphs/schema';

type GraphNode = Graph['nodes'][number];
type Condition = NonNullable<GraphNode['condition']>;
type Test = Condition['cases'][number]['when'];

function followed(test: Test, follow: (name: string) => string): Test {
  const { all, any, not, node } = test;
  return {
    ...test,
    ...(all && { all: all.map((one) => followed(one, follow)) }),
    ...(any && { any: any.map((one) => followed(one, follow)) }),
    ...(not && { not: followed(not, follow) }),
    ...(typeof node === 'string' && { node: follow(node) }),
  };
}

/** Where the cases of a condition lead. */
export function targetsOf({ kind, condition }: GraphNode): string[] {
  if (kind !== 'condition' || !condition) return [];
  return [...condition.cases.flatMap(({ to }) => to), ...(condition.otherwise ?? [])];
}

/** What a node of a further kind says of other nodes: names that go out of lists, and texts, changed. */
export function withNames(
  node: GraphNode,
  names: (list: string[]) => string[],
  name: (one: string) => string,
  text: (template: string) => string,
): Partial<GraphNode> {
  const { condition, on_error: onError, tool, each } = node;
  const changed: Partial<GraphNode> = {
    ...(onError && { on_error: names(onError) }),
    ...(tool && { tool: { ...tool, arguments: textsIn(tool.arguments, text) } }),
    ...(each && {
      each: {
        ...each,
        ...(typeof each.items === 'string' && { items: text(each.items) }),
        ...(each.body && { body: bodyOf(each.body, text) }),
      },
    }),
    ...(condition && {
      condition: {
        cases: condition.cases.map(({ when, to }) => ({ when: followed(when, name), to: names(to) })),
        ...(condition.otherwise && { otherwise: names(condition.otherwise) }),
      },
    }),
  };
  return changed;
}

function bodyOf(body: NonNullable<NonNullable<GraphNode['each']>['body']>, text: (template: string) => string) {
  const { system_prompt: system, user_prompt: user, tool } = body;
  return {
    ...body,
    ...(typeof system === 'string' && { system_prompt: text(system) }),
    ...(typeof user === 'string' && { user_prompt: text(user) }),
    ...(tool && { tool: { ...tool, arguments: textsIn(tool.arguments, text) } }),
  };
}

function textsIn<Value>(value: Value, change: (text: string) => string): Value {
  if (typeof value === 'string') return change(value) as Value;
  if (Array.isArray(value)) return value.map((entry: unknown) => textsIn(entry, change)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, textsIn(entry, change)])) as Value;
}
