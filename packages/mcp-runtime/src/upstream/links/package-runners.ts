import path from 'node:path';

/** Programs that fetch what they start, or may be missing, and what each comes with. */
const runners: Readonly<Record<string, { product: string; downloads: boolean }>> = {
  node: { product: 'Node.js', downloads: false },
  npm: { product: 'Node.js', downloads: true },
  npx: { product: 'Node.js', downloads: true },
  pnpm: { product: 'pnpm', downloads: true },
  pnpx: { product: 'pnpm', downloads: true },
  yarn: { product: 'Yarn', downloads: true },
  bun: { product: 'Bun', downloads: true },
  bunx: { product: 'Bun', downloads: true },
  deno: { product: 'Deno', downloads: true },
  uv: { product: 'uv', downloads: true },
  uvx: { product: 'uv', downloads: true },
  pipx: { product: 'pipx', downloads: true },
  pip: { product: 'Python', downloads: true },
  python: { product: 'Python', downloads: false },
  python3: { product: 'Python', downloads: false },
  docker: { product: 'Docker', downloads: true },
  podman: { product: 'Podman', downloads: true },
  go: { product: 'Go', downloads: true },
  dnx: { product: '.NET', downloads: true },
  dotnet: { product: '.NET', downloads: true },
};

function runnerOf(command: string) {
  const name = path.basename(command);
  return Object.hasOwn(runners, name) ? runners[name] : undefined;
}

/** The product of a well-known program; null for all others. */
export function productOf(command: string): string | null {
  return runnerOf(command)?.product ?? null;
}

/** Lines of package managers about downloads; lines about their cache are none. */
const signs = [
  /^npm http fetch GET 200 (?!.*\(cache (?:hit|revalidated)\))/,
  /^\s*(?:Downloading|Downloaded|Building|Built|Prepared|Installed|Resolved|Updated|Collecting|Fetching|Resolving|Saved lockfile)\b/,
  /^\s*(?:Unable to find image |Pulling from |[\w./:-]+: (?:Pulling |Pull complete|Downloading|Download complete|Extracting|Verifying))/,
];

/** Tells whether a line of a program's error output shows that it downloads what it will run. */
export function downloadSigns(command: string): (line: string) => boolean {
  if (runnerOf(command)?.downloads !== true) return () => false;
  return (line) => {
    const start = line.slice(0, 512);
    return signs.some((sign) => sign.test(start));
  };
}

/** Options of npm about its verbosity. */
const saysHowMuch = /^(?:-s|-q|-d|-dd|-ddd|--silent|--quiet|--verbose|--loglevel(?:=.*)?)$/;

/**
 * Makes npm report each request. Otherwise it is silent until it has given up, long after the start was: it neither
 * reports downloads, nor that it retries a registry whose certificate it does not trust.
 */
export function talkative(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  const name = path.basename(command);
  if (name !== 'npx' && name !== 'npm') return {};
  const told = Object.keys(env).some((key) => key.toLowerCase() === 'npm_config_loglevel');
  return told || args.some((arg) => saysHowMuch.test(arg)) ? {} : { npm_config_loglevel: 'http' };
}
