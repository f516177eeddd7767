import { posix } from 'node:path';

/** The powers that may be granted on top of the defaults. */
export type Power =
  | 'host-paths'
  | 'engine-socket'
  | 'privileged'
  | 'capabilities'
  | 'host-network'
  | 'host-pid'
  | 'host-ipc'
  | 'host-namespaces'
  | 'devices'
  | 'security-options'
  | 'sysctls'
  | 'host-resources'
  | 'runtime'
  | 'logging'
  /** Volumes, networks, secrets and containers of others, and volumes that lead elsewhere. */
  | 'external'
  | 'remote-sources';

/**
 * The rules without exception: files outside the stack's folder, labels of the hub, settings that nobody has reviewed.
 */
export type Rule = Power | 'outside-folder' | 'reserved-labels' | 'unknown-setting';

export interface Violation {
  rule: Rule;
  /** `services.web.volumes[0]`. */
  where: string;
  /** One sentence that names the thing. */
  message: string;
}

/** Names of one kind that lead to somebody else's things. */
export interface ForeignNames {
  readonly names: readonly string[];
  /** Whether this name leads to one of them; an engine may take more than the whole name for it. */
  isForeign(name: string): boolean;
}

/** These names and no others. */
export function foreignNames(names: readonly string[] = []): ForeignNames {
  const known = new Set(names);
  return { names, isForeign: (name) => known.has(name) };
}

export interface PolicyRules {
  /** The stack's own folder, resolved; null for a single container. */
  folder: string | null;
  /** Host paths whose content may be mounted, resolved. */
  allowedRoots: readonly string[];
  granted: ReadonlySet<Power>;
  /** Names that exist on the engine and belong to somebody else. */
  foreign: { volumes: ForeignNames; networks: ForeignNames };
  /** Resolves symbolic links of a host path as far as it exists; identity where the engine is on another machine. */
  realPath: (path: string) => string;
  /** Sockets that give power over the engine, resolved. */
  engineSockets: readonly string[];
}

export const engineSockets: readonly string[] = [
  '/run/docker.sock',
  '/var/run/docker.sock',
  '/run/containerd/containerd.sock',
  '/run/podman/podman.sock',
];

/** Labels by which the hub and Compose know what is whose. */
export const reservedLabels = /^(?:switchboard\.|com\.docker\.(?:compose|swarm|stack)\.)/;

/** Gathers violations that are not granted. */
export interface Findings {
  readonly rules: PolicyRules;
  add(rule: Rule, where: string, message: string): void;
}

/** Runs a check and gives what it found, in the order of the text. */
export function collect(rules: PolicyRules, check: (findings: Findings) => void): Violation[] {
  const found: Violation[] = [];
  check({
    rules,
    add: (rule, where, message) => {
      if (!(rules.granted as ReadonlySet<string>).has(rule)) found.push({ rule, where, message });
    },
  });
  return found;
}

/** A host path that a container would see. */
export function checkHostPath(findings: Findings, where: string, path: string): void {
  const { rules } = findings;
  const real = rules.realPath(posix.normalize(path));
  const sockets = [...engineSockets, ...rules.engineSockets];
  // A folder above the socket shows the socket too.
  const socket = sockets.find((one) => isInside(one, real) || isInside(one, posix.normalize(path)));
  if (socket !== undefined) {
    findings.add('engine-socket', where, `mounts ${path}, which gives power over the engine (${socket}).`);
  }
  const roots = [...rules.allowedRoots, ...(rules.folder === null ? [] : [rules.folder])];
  if (!roots.some((root) => isInside(real, root))) {
    const via = real === posix.normalize(path) ? '' : ` (in truth ${real})`;
    findings.add('host-paths', where, `mounts the host path ${path}${via}, which lies outside the allowed folders.`);
  }
}

/** A file that is read for the stack; never from outside its folder. */
export function checkStackFile(findings: Findings, where: string, path: string): void {
  const { folder, realPath } = findings.rules;
  const real = realPath(posix.normalize(path));
  if (folder === null || !isInside(real, folder)) {
    findings.add('outside-folder', where, `reads ${path}, which lies outside the stack's folder.`);
  }
}

/** The namespaces that a container can share: network, pid, ipc and the rarer ones. */
export function checkNamespace(findings: Findings, where: string, mode: unknown, power: Power): void {
  if (typeof mode !== 'string' || mode === '') return;
  if (mode === 'host') findings.add(power, where, `shares the host's ${power.replace('host-', '')} namespace.`);
  if (mode.startsWith('container:')) {
    findings.add('external', where, `joins another container's namespace (${mode}).`);
  }
}

const harmlessSecurity = /^no-new-privileges(?:[:=](?:true|false))?$/;

export function checkSecurity(findings: Findings, where: string, options: readonly unknown[]): void {
  options.forEach((option, index) => {
    if (!harmlessSecurity.test(String(option))) {
      findings.add('security-options', `${where}[${index}]`, `changes the engine's protection: ${String(option)}.`);
    }
  });
}

export function checkLabels(findings: Findings, where: string, labels: unknown): void {
  const names = Array.isArray(labels)
    ? labels.map((label) => String(label).split('=', 1)[0] ?? '')
    : Object.keys(labels ?? {});
  for (const name of names.filter((one) => reservedLabels.test(one))) {
    findings.add('reserved-labels', where, `sets the label ${name}, which only the hub may set.`);
  }
}

/** True where a path is a folder or inside it. */
export function isInside(path: string, folder: string): boolean {
  const root = folder.endsWith('/') ? folder : `${folder}/`;
  return path === folder || path.startsWith(root);
}
