import { isObject } from '@switchboard/basics';

/** A value of the settings: what JSON holds. */
export type Tree = { readonly [key: string]: unknown };

/** The value at a dotted path; undefined where there is none. */
export function valueAt(tree: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined), tree);
}

/** A copy with another value at a dotted path. */
export function withValue(tree: Tree, path: string, value: unknown): Tree {
  const [key = '', ...rest] = path.split('.');
  if (rest.length === 0) return { ...tree, [key]: value };
  const inner = tree[key];
  return { ...tree, [key]: withValue(isObject(inner) ? inner : {}, rest.join('.'), value) };
}

/** A copy without the value at a dotted path. */
export function withoutValue(tree: Tree, path: string): Tree {
  const [key = '', ...rest] = path.split('.');
  if (rest.length === 0) return Object.fromEntries(Object.entries(tree).filter(([name]) => name !== key));
  const inner = tree[key];
  return isObject(inner) ? { ...tree, [key]: withoutValue(inner, rest.join('.')) } : tree;
}

/** Dotted paths of everything that is no object. */
export function leavesOf(tree: Tree, before = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    value === undefined ? [] : isObject(value) ? leavesOf(value, `${before}${key}.`) : [`${before}${key}`],
  );
}

/** `over` laid upon `under`: objects are merged, everything else is replaced. */
export function merged(under: Tree, over: Tree): Tree {
  return leavesOf(over).reduce((tree, path) => withValue(tree, path, valueAt(over, path)), under);
}

/** The part of `tree` that has a place in `form`; fields that another release stored are dropped. */
export function inForm(tree: Tree, form: Tree): Tree {
  return leavesOf(form).reduce<Tree>((kept, path) => {
    const value = valueAt(tree, path);
    return value === undefined ? kept : withValue(kept, path, value);
  }, {});
}
