import type { CreateContainer } from '../containers/create-spec.ts';
import {
  checkHostPath,
  checkLabels,
  checkNamespace,
  checkSecurity,
  collect,
  type Findings,
  type PolicyRules,
  type Violation,
} from './policy.ts';

/** The settings of a container that the rules do not allow. */
export function checkContainer(input: CreateContainer, rules: PolicyRules): Violation[] {
  return collect(rules, (findings) => {
    if (input.privileged === true) findings.add('privileged', 'privileged', 'runs with all rights of the host.');
    for (const name of input.capAdd ?? []) findings.add('capabilities', 'capAdd', `adds the capability ${name}.`);
    for (const device of input.devices ?? []) findings.add('devices', 'devices', `uses the device ${device}.`);
    checkNamespace(findings, 'network', input.network, 'host-network');
    checkNamespace(findings, 'pidMode', input.pidMode, 'host-pid');
    checkNamespace(findings, 'ipcMode', input.ipcMode, 'host-ipc');
    checkSecurity(findings, 'securityOpt', input.securityOpt ?? []);
    checkLabels(findings, 'labels', input.labels);
    checkVolumes(findings, input);
    if (input.network !== undefined && rules.foreign.networks.isForeign(input.network)) {
      findings.add('external', 'network', `joins the network ${input.network}, which belongs to somebody else.`);
    }
  });
}

function checkVolumes(findings: Findings, { volumes = {} }: CreateContainer): void {
  for (const source of Object.keys(volumes)) {
    const where = `volumes.${source}`;
    if (source.startsWith('/')) checkHostPath(findings, where, source);
    else if (findings.rules.foreign.volumes.isForeign(source)) {
      findings.add('external', where, `mounts the volume ${source}, which belongs to somebody else.`);
    }
  }
}
