export const mostNodes = 5000;
/** Characters of the name of a node or a graph. */
export const mostName = 200;
/** Characters of a prompt, a description or a template. */
export const mostText = 256 * 1024;
/** Names in one list of a node. */
export const mostNames = 5000;
export const mostHandoffs = 1000;
/** Levels of what is given, and values in it. */
export const deepestConfig = 32;
export const mostValues = 1_000_000;
