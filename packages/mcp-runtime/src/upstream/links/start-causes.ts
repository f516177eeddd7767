import path from 'node:path';
import { type Reason, say } from '../../reasons.ts';

/** The last lines that a program wrote to its error output. */
type Lines = readonly string[];

/** The lines that are checked for errors of any program; older ones may be about a past problem. */
const recentLines = 12;
const mostNamed = 300;

/** The last line that matches, with what it holds. */
function lastMatch(lines: Lines, pattern: RegExp): RegExpExecArray | null {
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const found = pattern.exec(lines[at] ?? '');
    if (found !== null) return found;
  }
  return null;
}

/** The text behind a word, up to its end pattern; null where the word is missing. */
function between(text: string, word: string, end: RegExp): string | null {
  const at = text.indexOf(word);
  if (at === -1) return null;
  const rest = text.slice(at + word.length);
  const stop = rest.search(end);
  return stop === -1 ? rest : rest.slice(0, stop);
}

/** The host of the last address in these lines; null where there is none. */
function hostIn(lines: Lines): string | null {
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const line = lines[at] ?? '';
    const authority = between(line, '://', /[\s/?#`'")>]/) ?? between(line, "host='", /'/);
    const host = authority?.slice(authority.lastIndexOf('@') + 1) ?? '';
    if (host !== '') return host;
  }
  return null;
}

const untrusted =
  /SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_UNTRUSTED|CERTIFICATE_VERIFY_FAILED|certificate verify failed|invalid peer certificate|unknown authority|self[- ]signed certificate|unable to get local issuer/;
const expired = /CERT_HAS_EXPIRED|certificate has expired|invalid peer certificate: Expired/;
const otherName = /ERR_TLS_CERT_ALTNAME_INVALID|NotValidForName|Hostname mismatch/;

/** The message of Node.js about a file of certificates that it cannot use. */
const ignored = 'Ignoring extra certs from `';

/** Which variable adds a certificate authority for a program. */
function authorityVariable(command: string): string {
  const name = path.basename(command);
  if (/^(?:uvx?|pip\d?|pipx|python[\d.]*|go|dotnet|dnx)$/.test(name)) return 'SSL_CERT_FILE';
  return name === 'deno' ? 'DENO_CERT' : 'NODE_EXTRA_CA_CERTS';
}

function certificateCause(lines: Lines, command: string): Reason | null {
  const host = hostIn(lines) ?? 'the server';
  if (lastMatch(lines, expired) !== null) {
    return say('certificateExpired', { host });
  }
  if (lastMatch(lines, otherName) !== null) return say('certificateName', { host });
  if (lastMatch(lines, untrusted) === null) return null;
  const file = between(lines.findLast((line) => line.includes(ignored)) ?? '', ignored, /`/);
  if (file !== null) return say('caUnreadable', { file });
  return say('certificateBetween', { host, variable: authorityVariable(command) });
}

const nameErrors = /^(?:ENOTFOUND|EAI_AGAIN|EAI_NONAME)$/;
const routeErrors =
  /^(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|UND_ERR_CONNECT_TIMEOUT)$/;

const npm = /^npm (?:error|ERR!) ?/;
/** Lines of npm that name no cause. */
const npmFrame = /^(?:$|A complete log|code |errno |syscall |path |\s|\}|If you are behind)/;

/** The error for which npm itself gave up, or retries. */
function npmCause(lines: Lines, command: string): Reason | string | null {
  const code = lastMatch(lines, /^npm (?:error|ERR!) code (\w+)/)?.[1];
  // A failure before a success has passed.
  const since = lines.slice(lines.findLastIndex((line) => /^npm http fetch \w+ 2/.test(line)) + 1).slice(-recentLines);
  const tried = lastMatch(since, /^npm http fetch .* failed with (\w+)$/)?.[1];
  const errors = lines.filter((line) => npm.test(line)).map((line) => line.replace(npm, ''));
  const known = npmCode(code ?? tried ?? '', errors.length > 0 ? errors : lines, command);
  if (known !== null || errors.length === 0) return known;
  if (errors.some((line) => line.startsWith('could not determine executable'))) return say('noExecutable');
  return errors.find((line) => !npmFrame.test(line)) ?? null;
}

function npmCode(code: string, lines: Lines, command: string): Reason | null {
  const host = hostIn(lines) ?? 'the registry';
  switch (code) {
    case 'E404': {
      const quoted = lines.findLast((line) => line.startsWith('404') && line.includes("'")) ?? '';
      const wanted = between(quoted, "'", /'/) ?? '';
      const name = wanted.slice(0, Math.max(0, wanted.lastIndexOf('@'))) || wanted;
      return name === '' ? null : say('noPackageAt', { name, host });
    }
    case 'ETARGET': {
      const name = lastMatch(lines, /^notarget No matching version found for (\S+)/)?.[1]?.replace(/\.$/, '');
      return name === undefined ? null : say('noVersion', { tool: 'npm', name });
    }
    case 'E401':
    case 'E403':
    case 'ENEEDAUTH':
      return say('registrySignIn', { host, code });
    case 'E407':
      return say('proxySignIn');
    case 'ENOTCACHED':
      return say('notCached');
    case 'EACCES':
    case 'EPERM': {
      const file = lastMatch(lines, /^path (.+)/)?.[1];
      return file === undefined ? null : say('mayNotUse', { file, code });
    }
    case '':
      return null;
    default:
      if (nameErrors.test(code)) return say('nameUnresolved', { host });
      return routeErrors.test(code) ? say('unreachable', { host, code }) : certificateCause([...lines, code], command);
  }
}

/** uv writes a chain of causes with signs before each line, and breaks long lines. */
function uvCause(lines: Lines): Reason | null {
  const text = lines
    .map((line) => line.replace(/^[\s×├╰─▶│]+/, ''))
    .join(' ')
    .slice(-8192);
  const name = between(text, 'Because ', / was not found in the /);
  const isName = name !== null && /^[\w.[\]-]+$/.test(name);
  if (isName) return say('noPackage', { tool: 'uv', name });
  const version = between(text, 'there is no version of ', /\s/) ?? between(text, 'there are no versions of ', /\s/);
  if (version !== null) return say('noVersion', { tool: 'uv', name: version });
  return text.includes('executable named') && text.includes('is not provided by') ? say('noExecutable') : null;
}

/** The program that a shell or `env` did not find; null for none. */
function missingProgram(lines: Lines): string | null {
  const line = lines.findLast((each) => notFound.test(each) || (each.includes('env: ') && noFile.test(each)));
  if (line === undefined) return null;
  const [word = ''] = line.replace(notFound, '').replace(noFile, '').split(/[:\s]/).slice(-1);
  const name = word.replace(/^["'‘`]/, '').replace(/["'’`]$/, '');
  return name === '' ? null : name;
}

const notFound = /: (?:command )?not found$/;
const noFile = /: No such file or directory$/;
const noNameService =
  /dns error|failed to lookup address|Name or service not known|Temporary failure in name resolution/;

/** The messages of programs of any kind, in their last lines. */
function commonCause(lines: Lines, command: string): Reason | null {
  const host = hostIn(lines);
  if (lastMatch(lines, /Proxy Authentication Required/) !== null) return say('proxySignIn');
  const certificate = certificateCause(lines, command);
  if (certificate !== null) return certificate;
  if (lastMatch(lines, noNameService) !== null && host !== null) return say('nameUnresolved', { host });
  const away = lines.findLast((line) => line.includes('tcp connect error'));
  if (away !== undefined && host !== null) {
    return say('unreachable', { host, code: away.includes('refused') ? 'ECONNREFUSED' : 'ETIMEDOUT' });
  }
  const pip = lastMatch(lines, /^ERROR: No matching distribution found for (\S+)/)?.[1];
  if (pip !== undefined) return say('noPackage', { tool: 'pip', name: pip });
  if (lastMatch(lines, /\bENOSPC\b|No space left on device/) !== null) return say('diskFull');
  const program = missingProgram(lines);
  if (program !== null) return say('needsProgram', { command: program });
  const module = between(lines.findLast((line) => line.includes(noModule)) ?? '', noModule, /$/)?.replaceAll("'", '');
  const isModule = module !== undefined && /^[\w.]+$/.test(module);
  return isModule ? say('noModule', { name: module }) : null;
}

const noModule = 'No module named ';

/**
 * The cause of a failed start, from the last lines of a program's error output; null where none is known. The time for
 * each line grows with its length.
 */
export function causeOf(lines: Lines, command: string): Reason | string | null {
  const recent = lines.slice(-recentLines);
  const cause = npmCause(lines, command) ?? uvCause(lines) ?? commonCause(recent, command);
  return typeof cause === 'string' ? cause.slice(0, mostNamed) : cause;
}
