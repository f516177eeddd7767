import { posix } from 'node:path';
import { isObject } from '@switchboard/basics';
import { asList, asText } from '../compose/compose-values.ts';
import {
  checkHostPath,
  checkLabels,
  checkNamespace,
  checkSecurity,
  checkStackFile,
  type Findings,
  type Power,
  type Rule,
} from './policy.ts';

type Service = Record<string, unknown>;
type Check = (findings: Findings, where: string, value: unknown) => void;

const harmless: Check = () => {};

/** Refuses a setting unless it is empty or false. */
function power(rule: Rule, what: string): Check {
  return (findings, where, value) => {
    if (isEmpty(value)) return;
    findings.add(rule, where, `${what}${describe(value)}.`);
  };
}

function namespace(rule: Power): Check {
  return (findings, where, value) => checkNamespace(findings, where, value, rule);
}

/** The settings of a service that have been reviewed; any other is refused, so that a new one is not a new hole. */
const settings: Readonly<Record<string, Check>> = {
  ...Object.fromEntries(
    // Settings with an effect inside the container only, or that only restrict it.
    `annotations attach blkio_config cap_drop command container_name cpu_count cpu_percent cpu_period cpu_quota cpu_shares cpus
    cpuset depends_on dns dns_opt dns_search domainname entrypoint environment expose extra_hosts healthcheck hostname image
    init links mac_address mem_limit mem_reservation mem_swappiness memswap_limit networks pids_limit platform ports profiles
    pull_policy read_only restart scale shm_size stdin_open stop_grace_period stop_signal storage_opt tmpfs tty ulimits user
    working_dir group_add isolation develop configs secrets`
      .trim()
      .split(/\s+/)
      .map((name): [string, Check] => [name, harmless]),
  ),
  privileged: power('privileged', 'runs with all rights of the host'),
  cap_add: power('capabilities', 'adds capabilities: '),
  devices: power('devices', 'uses devices of the host: '),
  device_cgroup_rules: power('devices', 'may use devices of the host: '),
  gpus: power('devices', 'uses graphics processors of the host: '),
  cgroup: namespaceOfGroups,
  cgroup_parent: power('host-namespaces', 'joins the control group '),
  network_mode: namespace('host-network'),
  pid: namespace('host-pid'),
  ipc: namespace('host-ipc'),
  uts: namespace('host-namespaces'),
  userns_mode: namespace('host-namespaces'),
  security_opt: (findings, where, value) => checkSecurity(findings, where, asList(value)),
  sysctls: power('sysctls', 'sets kernel parameters: '),
  runtime: power('runtime', 'is run by '),
  logging: checkLogging,
  oom_kill_disable: power('host-resources', 'may use up the memory of the host'),
  oom_score_adj: power('host-resources', 'changes whom the kernel ends first: '),
  cpu_rt_period: power('host-resources', 'asks for real-time processor time: '),
  cpu_rt_runtime: power('host-resources', 'asks for real-time processor time: '),
  external_links: power('external', 'links to containers outside of this stack: '),
  volumes_from: checkVolumesFrom,
  volumes: checkVolumes,
  build: checkBuild,
  deploy: checkDeploy,
  labels: (findings, where, value) => checkLabels(findings, where, value),
  env_file: checkFiles,
  label_file: checkFiles,
  credential_spec: power('outside-folder', 'reads a credential file: '),
  use_api_socket: power('engine-socket', 'mounts the socket of the engine'),
  post_start: checkHooks,
  pre_stop: checkHooks,
};

/** Looks at one service of a resolved stack. */
export function checkService(findings: Findings, where: string, service: Service): void {
  for (const [key, value] of Object.entries(service)) {
    const check = settings[key];
    if (check !== undefined) check(findings, `${where}.${key}`, value);
    else if (!key.startsWith('x-'))
      findings.add('unknown-setting', `${where}.${key}`, 'is no setting that is looked at.');
  }
}

function namespaceOfGroups(findings: Findings, where: string, value: unknown): void {
  if (value === 'host') findings.add('host-namespaces', where, "shares the host's control groups.");
}

function checkVolumes(findings: Findings, where: string, value: unknown): void {
  asList(value).forEach((entry, index) => {
    const at = `${where}[${index}]`;
    if (typeof entry === 'string') return findings.add('unknown-setting', at, 'is not in the long form.');
    if (!isObject(entry)) return undefined;
    const { type, source } = entry;
    if (type === 'bind') return checkHostPath(findings, at, typeof source === 'string' ? source : '/');
    if (type === 'volume' || type === 'tmpfs' || type === 'image') return undefined;
    return findings.add('external', at, `mounts something of the type ${String(type)}.`);
  });
}

function checkVolumesFrom(findings: Findings, where: string, value: unknown): void {
  asList(value).forEach((source, index) => {
    if (String(source).startsWith('container:')) {
      findings.add('external', `${where}[${index}]`, `mounts what another container mounts (${String(source)}).`);
    }
  });
}

function checkBuild(findings: Findings, where: string, value: unknown): void {
  const build = typeof value === 'string' ? { context: value } : isObject(value) ? value : {};
  const context = asText(build['context']);
  checkSource(findings, `${where}.context`, context);
  const dockerfile = build['dockerfile'];
  if (typeof dockerfile === 'string' && context.startsWith('/')) {
    checkStackFile(findings, `${where}.dockerfile`, posix.resolve(context, dockerfile));
  }
  const more = isObject(build['additional_contexts']) ? build['additional_contexts'] : {};
  for (const [name, source] of Object.entries(more)) {
    checkSource(findings, `${where}.additional_contexts.${name}`, String(source));
  }
  power('privileged', 'builds with all rights of the host')(findings, `${where}.privileged`, build['privileged']);
  power('privileged', 'builds with rights of the host: ')(findings, `${where}.entitlements`, build['entitlements']);
  power('outside-folder', 'uses keys of the hub: ')(findings, `${where}.ssh`, build['ssh']);
  checkNamespace(findings, `${where}.network`, build['network'], 'host-network');
  checkLabels(findings, `${where}.labels`, build['labels']);
  for (const key of ['cache_from', 'cache_to']) {
    asList(build[key]).forEach((entry, index) => {
      const path = /(?:src|dest)=([^,]+)/.exec(String(entry))?.[1];
      if (path !== undefined)
        checkStackFile(findings, `${where}.${key}[${index}]`, posix.resolve(findings.rules.folder ?? '/', path));
    });
  }
}

function checkSource(findings: Findings, where: string, source: string): void {
  if (source.startsWith('/')) checkStackFile(findings, where, source);
  else if (source !== '' && !/^(?:service|docker-image):/.test(source)) {
    findings.add('remote-sources', where, `is built from ${source}, which is not in the stack's folder.`);
  }
}

function checkDeploy(findings: Findings, where: string, value: unknown): void {
  const deploy = isObject(value) ? value : {};
  const resources = isObject(deploy['resources']) ? deploy['resources'] : {};
  const reservations = isObject(resources['reservations']) ? resources['reservations'] : {};
  power('devices', 'uses devices of the host: ')(
    findings,
    `${where}.resources.reservations.devices`,
    reservations['devices'],
  );
  checkLabels(findings, `${where}.labels`, deploy['labels']);
}

function checkLogging(findings: Findings, where: string, value: unknown): void {
  const driver = isObject(value) ? asText(value['driver']) : '';
  if (!['', 'json-file', 'local', 'none'].includes(driver)) {
    findings.add('logging', `${where}.driver`, `sends its output by ${driver}.`);
  }
}

function checkFiles(findings: Findings, where: string, value: unknown): void {
  asList(value).forEach((entry, index) => {
    const path = isObject(entry) ? entry['path'] : entry;
    checkStackFile(findings, `${where}[${index}]`, posix.resolve(findings.rules.folder ?? '/', String(path)));
  });
}

function checkHooks(findings: Findings, where: string, value: unknown): void {
  asList(value).forEach((hook, index) => {
    if (isObject(hook) && hook['privileged'] === true) {
      findings.add('privileged', `${where}[${index}].privileged`, 'runs with all rights of the host.');
    }
  });
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function describe(value: unknown): string {
  return value === true ? '' : asText(value).slice(0, 200);
}
