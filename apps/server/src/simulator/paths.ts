import { isReserved } from '@switchboard/core';
import { appNamePattern } from '@switchboard/core/apps/schema';

/** The target of a request at a product's URL: its MCP endpoint, the list of calls, or a check of them. */
export interface ProductPath {
  category: string;
  name: string;
  part: 'mcp' | 'calls' | 'checks';
  /** Below `/sim`, where nothing else can be meant. */
  isCertain: boolean;
}

const below = /^\/sim\/([^/]+)\/([^/]+)(?:\/(calls|checks))?\/?$/;
const bare = /^\/([^/]+)\/([^/]+)\/?$/;

/** The product that a path names: `/sim/{Category}/{Product}`, or two segments that begin no path of the hub. */
export function productPathOf(pathname: string): ProductPath | null {
  const certain = below.exec(pathname);
  const [, category = '', name = '', part = 'mcp'] = certain ?? bare.exec(pathname) ?? [];
  if (!appNamePattern.test(category) || !appNamePattern.test(name) || isReserved(category)) return null;
  return { category, name, part: part as ProductPath['part'], isCertain: certain !== null };
}
