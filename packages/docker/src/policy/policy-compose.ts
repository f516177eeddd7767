import { posix } from 'node:path';
import { isObject } from '@switchboard/basics';
import { asText, entries } from '../compose/compose-values.ts';
import { checkService } from './policy-service.ts';
import {
  checkHostPath,
  checkLabels,
  checkStackFile,
  collect,
  type Findings,
  type PolicyRules,
  type Violation,
} from './policy.ts';

/** A stack as `docker compose config --format json` gives it. */
export type ComposeModel = Record<string, unknown>;

const known = new Set(['name', 'version', 'services', 'networks', 'volumes', 'secrets', 'configs']);
const localDrivers = new Set(['', 'bridge', 'overlay', 'default']);

/** The settings of a stack that the rules do not allow; every finding names the place in the resolved model. */
export function checkCompose(model: ComposeModel, rules: PolicyRules): Violation[] {
  return collect(rules, (findings) => {
    for (const key of Object.keys(model)) {
      if (!known.has(key) && !key.startsWith('x-'))
        findings.add('unknown-setting', key, 'is no setting that is looked at.');
    }
    for (const [name, service] of entries(model['services'])) checkService(findings, `services.${name}`, service);
    for (const [name, volume] of entries(model['volumes'])) checkVolume(findings, `volumes.${name}`, name, volume);
    for (const [name, network] of entries(model['networks'])) checkNetwork(findings, `networks.${name}`, name, network);
    for (const kind of ['secrets', 'configs']) {
      for (const [name, file] of entries(model[kind])) checkFile(findings, `${kind}.${name}`, file);
    }
  });
}

function checkVolume(findings: Findings, where: string, key: string, volume: Record<string, unknown>): void {
  const name = asText(volume['name'] ?? key);
  if (findings.rules.foreign.volumes.isForeign(name)) {
    findings.add('external', where, `uses the volume ${name}, which belongs to somebody else.`);
  }
  const driver = asText(volume['driver']);
  if (driver !== '' && driver !== 'local')
    findings.add('external', `${where}.driver`, `uses the volume driver ${driver}.`);
  checkLabels(findings, `${where}.labels`, volume['labels']);
  const options = isObject(volume['driver_opts']) ? volume['driver_opts'] : {};
  checkVolumeOptions(findings, `${where}.driver_opts`, options);
}

// The local driver mounts anything that its options name: a folder of the host, a share, a device.
function checkVolumeOptions(findings: Findings, where: string, options: Record<string, unknown>): void {
  if (Object.keys(options).length === 0) return;
  const device = asText(options['device']);
  const type = asText(options['type']);
  const flags = asText(options['o']);
  // With `bind` among its flags the kernel mounts the device, whatever the type says; and a link that a container has put
  // in its place since would be followed at the next start.
  if (/bind|move|remount/.test(flags)) {
    findings.add(
      'host-paths',
      `${where}.device`,
      `mounts the host path ${device} as a volume: mount it in the service.`,
    );
    if (device.startsWith('/')) checkHostPath(findings, `${where}.device`, posix.normalize(device));
    return;
  }
  if (type === 'tmpfs') return;
  if (device.startsWith('/')) checkHostPath(findings, `${where}.device`, posix.normalize(device));
  const what = type === '' ? 'something' : type;
  findings.add('external', where, `mounts ${what} ${device} that is no volume of the engine.`);
}

const harmlessNetworkOptions = new Set([
  'com.docker.network.bridge.enable_icc',
  'com.docker.network.bridge.enable_ip_masquerade',
  'com.docker.network.driver.mtu',
]);

function checkNetwork(findings: Findings, where: string, key: string, network: Record<string, unknown>): void {
  const name = asText(network['name'] ?? key);
  if (findings.rules.foreign.networks.isForeign(name)) {
    findings.add('external', where, `uses the network ${name}, which belongs to somebody else.`);
  }
  if (name === 'host') findings.add('host-network', where, "shares the host's network namespace.");
  const driver = asText(network['driver']);
  if (!localDrivers.has(driver)) {
    findings.add(
      'host-network',
      `${where}.driver`,
      `uses the network driver ${driver}, which reaches the host's own network.`,
    );
  }
  // The host sends what goes to a subnet into the network, also where it is somebody's already.
  const ipam = isObject(network['ipam']) ? network['ipam'] : {};
  for (const key of ['config', 'driver', 'options']) {
    if (ipam[key] === undefined || ipam[key] === null || ipam[key] === '') continue;
    findings.add(
      'host-network',
      `${where}.ipam.${key}`,
      "changes the host's own network: leave subnets to the engine.",
    );
  }
  // A bridge may be named that is the host's own.
  for (const option of Object.keys(isObject(network['driver_opts']) ? network['driver_opts'] : {})) {
    if (harmlessNetworkOptions.has(option)) continue;
    findings.add('host-network', `${where}.driver_opts.${option}`, "changes the host's own network.");
  }
  checkLabels(findings, `${where}.labels`, network['labels']);
}

function checkFile(findings: Findings, where: string, file: Record<string, unknown>): void {
  if (typeof file['file'] === 'string') checkStackFile(findings, `${where}.file`, file['file']);
  if (isExternal(file)) findings.add('external', where, 'is kept outside of this stack.');
  checkLabels(findings, `${where}.labels`, file['labels']);
}

function isExternal(value: Record<string, unknown>): boolean {
  return value['external'] !== undefined && value['external'] !== false;
}
