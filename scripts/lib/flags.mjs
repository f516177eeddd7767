// The flags of the program. No dependencies, and no TypeScript: npm start answers these before anything is built.
const help = `Switchboard: one URL for all your MCP servers.

Usage: npm start [-- FLAG]

  --help     shows this text
  --version  shows the version

Settings are environment variables (PORT, HOST, DATA_DIR, DATABASE_URL …): README.md lists them all.`;

/** What a command line is answered with instead of a start of the hub; null where it asks for the start. */
export function answerFlags(args, version) {
  const [first] = args;
  if (first === undefined) return null;
  const unknown = args.find((arg) => arg !== '--help' && arg !== '--version');
  if (unknown !== undefined) {
    const text = `${JSON.stringify(unknown)} is not known: the flags are --help and --version; settings are environment variables.`;
    return { text, code: 2 };
  }
  return { text: args.includes('--help') ? help : version, code: 0 };
}

/** Prints an answer where one belongs: what was asked for to stdout, a refusal to stderr. */
export function tell({ text, code }) {
  (code === 0 ? process.stdout : process.stderr).write(`${text}\n`);
  process.exitCode = code;
}
