import { fittingName } from '@switchboard/mcp-runtime/rules';

/**
 * Names that models take (`^[A-Za-z0-9_-]{1,64}$`) for tools, in the order given. A name that fits stays as it is; another
 * is sanitised, cut and marked with a hash of its own, as `/mcp` does it. Names that would be equal get the hash too,
 * all but the one that fits by itself.
 */
export function nameTools(names: readonly string[]): string[] {
  const taken = new Set(names.filter((name) => fittingName(name, name) === name));
  const given = new Set<string>();
  return names.map((name) => {
    const fitting = fittingName(name, name);
    // A tool whose own name fits keeps it, unless another has it already.
    const reserved = fitting === name ? given : taken;
    let free = fitting;
    for (let again = 1; given.has(free) || reserved.has(free); again += 1) {
      // A space fits nowhere, so that the name is hashed, with how often it was taken.
      free = fittingName(`${name} `, [name, again]);
    }
    given.add(free);
    return free;
  });
}
