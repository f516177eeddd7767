import type { ItemType } from '../selection.ts';
import { longestTemplate, longestUri } from '../uri-template.ts';

/**
 * The bounds of a server's lists. Every list is kept in memory and in the database, joined with others for each view,
 * and sent whole to clients and into models: the counts are far above those of real servers (some hundred tools), and
 * low enough that a server at its limit affects only its own users.
 */
export const mostItems: Readonly<Record<ItemType, number>> = {
  tool: 10_000,
  prompt: 10_000,
  resource: 20_000,
  /** Each may be tried on each URI that nobody lists. */
  template: 300,
};

/** Characters of one definition, and levels of it: clients and the hub walk them recursively. */
export const largestItem = 256 * 1024;
export const deepestItem = 100;

/** Characters of all definitions of a server. */
export const largestCatalog = 16 * 1024 * 1024;

/** The most characters of an item's name. Names are in every call, in records and in the database. */
export const longestName: Readonly<Record<ItemType, number>> = {
  tool: 512,
  prompt: 512,
  resource: longestUri,
  template: longestTemplate,
};

/** Characters of a server's instructions. */
export const longestInstructions = 64 * 1024;

/** Characters of a pattern in a schema. */
export const longestPattern = 4096;
/** Unicode classes (`\p{L}` and the like) in the patterns of a schema: reading each costs as much as some thousand characters. */
export const mostPropertyClasses = 50;

/** Pages read from one list: a server that never stops paging must not hold the hub. */
export const mostPages = 1000;

/** Notes kept of one catalog, and characters of each text in them. */
export const mostNotes = 100;
export const longestNoted = 512;
