import { LONGEST_TEMPLATE, LONGEST_URI } from '../uri-template.ts';
import type { ItemType } from '../types.ts';

/**
 * What one server may list. Every list is kept in memory and in the database, joined with others for each view, and
 * sent whole to clients and into models: the counts are far above those of real servers (some hundred tools), and low
 * enough that one server at its limit is a nuisance to nobody but its own users.
 */
export const MOST_ITEMS: Readonly<Record<ItemType, number>> = {
  tool: 10_000,
  prompt: 10_000,
  resource: 20_000,
  /** Each may be tried on each URI that nobody lists. */
  template: 300,
};

/** Characters of one definition, and levels of it: clients and the hub walk them recursively. */
export const LARGEST_ITEM = 256 * 1024;
export const DEEPEST_ITEM = 100;

/** Characters of all definitions of a server. */
export const LARGEST_CATALOG = 16 * 1024 * 1024;

/** Characters of what names an item. Names stand in every call, in records and in the database. */
export const LONGEST_NAME: Readonly<Record<ItemType, number>> = {
  tool: 512,
  prompt: 512,
  resource: LONGEST_URI,
  template: LONGEST_TEMPLATE,
};

/** Characters of a server's instructions. */
export const LONGEST_INSTRUCTIONS = 64 * 1024;

/** Characters of a pattern in a schema. */
export const LONGEST_PATTERN = 4096;
/** Unicode classes (`\p{L}` and the like) in the patterns of a schema: reading each costs as much as some thousand characters. */
export const MOST_PROPERTY_CLASSES = 50;

/** Pages read from one list: a server that never stops paging must not hold the hub. */
export const MOST_PAGES = 1000;

/** Notes kept of one catalog, and characters of each text in them. */
export const MOST_NOTES = 100;
export const LONGEST_NOTED = 512;
