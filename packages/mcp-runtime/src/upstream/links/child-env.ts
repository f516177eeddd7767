import type { ProcessLaunch } from '../../types.ts';
import { talkative } from './package-runners.ts';
import { readProblem, type Runner } from './program.ts';

/** The variables of every program besides its own entries. */
export interface SharedEnv {
  path: string;
  home: string;
  /** Default C.UTF-8. */
  lang?: string;
  /** Default /tmp. */
  tmpdir?: string;
  /** Variables of the hub's environment that every program gets: certificates, proxies, package registries. */
  handedOn?: Readonly<Record<string, string>>;
}

/** Variables that answer one question: a program that has one of its own gets none of the hub's. */
const oneQuestion: readonly (readonly string[])[] = [
  ['uv_index_url', 'uv_default_index'],
  ['pip_cert', 'requests_ca_bundle'],
];
/** The proxies that one for all protocols replaces. */
const proxies = ['all_proxy', 'http_proxy', 'https_proxy'];

/** Names, in lower case, of the hub's variables that a program's own entries replace, whatever the case of either. */
function replacedBy(own: Readonly<Record<string, string>>): ReadonlySet<string> {
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const others = oneQuestion.filter((group) => group.some((name) => names.has(name)));
  return new Set([...names, ...others.flat(), ...(names.has('all_proxy') ? proxies : [])]);
}

/** The whole environment of a program. Its own entries win. */
export function childEnvironment(
  { command, args, env }: ProcessLaunch,
  shared: SharedEnv,
  mark: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const replaced = replacedBy(env);
  const handedOn = Object.entries(shared.handedOn ?? {}).filter(([name]) => !replaced.has(name.toLowerCase()));
  return {
    ...Object.fromEntries(handedOn),
    ...talkative(command, args, env),
    PATH: shared.path,
    HOME: shared.home,
    LANG: shared.lang ?? 'C.UTF-8',
    TMPDIR: shared.tmpdir ?? '/tmp',
    ...env,
    ...mark,
  };
}

/** Variables that name a file or folder with certificates. */
const certificates = new Set([
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'PIP_CERT',
  'DENO_CERT',
  'AWS_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'npm_config_cafile',
  'NPM_CONFIG_CAFILE',
]);

/** A sentence for each file of certificates that the program is given and cannot read. */
export function unreadableCertificates(env: Readonly<Record<string, string>>, runner: Runner): string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (!certificates.has(name)) return [];
    const files = name === 'SSL_CERT_DIR' ? value.split(':') : [value];
    return files
      .filter((file) => file.startsWith('/'))
      .flatMap((file) => {
        const problem = readProblem(file, runner);
        return problem === '' ? [] : [`The variable ${name} names ${file}, which ${problem}.`];
      });
  });
}
