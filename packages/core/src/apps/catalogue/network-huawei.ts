import type { CreateApp } from '../schema.ts';
import { destroys, flag, oneOf, reads, text, unlessFailed, valuesOf, whole, writes } from './kit.ts';

const name = text('interface*', '接口名称 (interface)，例如 GigabitEthernet0/0/1');
const vlanId = whole('vlan_id*', 'VLAN 编号 (VLAN ID)，1 到 4094');
const running = 'state.huawei.running';
const find = `{% assign port = ${running}.interfaces[arguments.interface] %}{% assign vlan = ${running}.vlans[arguments.vlan_id] %}`;
const inRange = 'arguments.vlan_id >= 1 and arguments.vlan_id <= 4094';
const port = '/huawei/running/interfaces/{{ arguments.interface | pointer }}';

function error(code: string, message: string): string {
  return `{"success": false, "error_code": "${code}", "message": "${message}"}`;
}

const noPort = error('WRONG_INTERFACE', 'Error: Wrong parameter found: interface does not exist');
const noVlan = error('VLAN_NOT_FOUND', 'Error: The VLAN does not exist');

const interfaceDetail = reads('display_interface_detail', {
  displayName: '查看接口详情 (display interface)',
  description: '返回一个接口的状态、速率、VLAN 和收发统计。(Tells everything about an interface.)',
  parameters: [name],
  body: `${find}{% if port.name %}{
  "success": true,
  "interface": {{ port | json }},
  "mtu": 1500,
  "speed_mbps": 1000,
  "mac_address": {{ 'internet.mac' | fake | json }},
  "input_packets": {{ 'number.int' | fake: 10000, 90000000 }},
  "output_packets": {{ 'number.int' | fake: 10000, 90000000 }},
  "input_errors": {{ 'number.int' | fake: 0, 12 }},
  "crc_errors": 0
}{% else %}${noPort}{% endif %}`,
});

const createVlan = writes('create_vlan', {
  displayName: '创建 VLAN (Create a VLAN)',
  description: '创建 VLAN 或修改其名称；重启前需要保存配置。(Creates or renames a VLAN.)',
  parameters: [vlanId, text('name', 'VLAN 名称 (name)')],
  body: `${find}{% if ${inRange} %}{
  "success": true,
  "vlan_id": {{ arguments.vlan_id | json }},
  "name": {% if arguments.name %}{{ arguments.name | json }}{% else %}"VLAN{{ arguments.vlan_id }}"{% endif %},
  "existed": {% if vlan.vlan_id %}true{% else %}false{% endif %}
}{% else %}${error('WRONG_VLAN', 'Error: VLAN ID must be from 1 to 4094')}{% endif %}`,
  changes:
    unlessFailed(`{% if ${inRange} %}[{"op": "add", "path": "/huawei/running/vlans/{{ arguments.vlan_id }}", "value": {
  "vlan_id": {{ arguments.vlan_id }},
  "name": {% if arguments.name %}{{ arguments.name | slice: 0, 32 | json }}{% else %}"VLAN{{ arguments.vlan_id }}"{% endif %},
  "status": "up"
}}]{% endif %}`),
});

const configureVlan = writes('configure_interface_vlan', {
  displayName: '配置接口 VLAN (Put an interface into a VLAN)',
  description: '设置接口的链路类型和所属 VLAN；VLAN 必须已经存在。(Sets the link type and VLAN of an interface.)',
  parameters: [name, vlanId, oneOf('link_type', '链路类型 (link type)', ['access', 'trunk', 'hybrid'], 'access')],
  body: `${find}{% unless port.name %}${noPort}{% else %}{% unless vlan.vlan_id %}${noVlan}{% else %}{
  "success": true,
  "interface": {{ port.name | json }},
  "link_type": {{ arguments.link_type | json }},
  "previous_vlan": {{ port.vlan | json }},
  "vlan_id": {{ arguments.vlan_id | json }}
}{% endunless %}{% endunless %}`,
  changes: unlessFailed(`${find}{% if port.name and vlan.vlan_id %}[
  {"op": "add", "path": "${port}/link_type", "value": {{ arguments.link_type | json }}},
  {"op": "add", "path": "${port}/vlan", "value": {{ arguments.vlan_id | json }}}
]{% endif %}`),
});

const macTable = reads('display_mac_address_table', {
  displayName: '查看 MAC 地址表 (display mac-address)',
  description: '返回交换机学习到的 MAC 地址，可按 VLAN 过滤。(Lists the learned MAC addresses.)',
  parameters: [whole('vlan_id', '只看该 VLAN (VLAN ID)')],
  body: `{% assign found = 0 %}{"success": true, "entries": [{% for entry in ${running}.interfaces %}{% assign port = entry[1] %}{% assign fits = false %}{% if port.status == 'up' %}{% assign fits = true %}{% endif %}{% if arguments.vlan_id and arguments.vlan_id != port.vlan %}{% assign fits = false %}{% endif %}{% if fits %}{% if found > 0 %},{% endif %}{% assign found = found | plus: 1 %}
  {"mac_address": {{ 'internet.mac' | fake | json }}, "vlan_id": {{ port.vlan | json }}, "interface": {{ port.name | json }}, "type": "dynamic"}{% endif %}{% endfor %}], "total": {{ found }}}`,
});

const configureStp = writes('configure_stp', {
  displayName: '配置生成树 (Configure STP)',
  description: '设置生成树模式、开关和桥优先级。(Sets the spanning tree.)',
  parameters: [
    oneOf('mode*', '生成树模式 (mode)', ['stp', 'rstp', 'mstp']),
    flag('enabled', '是否启用 (enabled)', { default: true }),
    whole('priority', '桥优先级 (priority)，4096 的倍数', { default: 32_768 }),
  ],
  body: `{
  "success": true,
  "previous": {{ ${running}.stp | json }},
  "mode": {{ arguments.mode | json }},
  "enabled": {{ arguments.enabled | json }},
  "priority": {{ arguments.priority | json }}
}`,
  changes: unlessFailed(
    '[{"op": "add", "path": "/huawei/running/stp", "value": {"mode": {{ arguments.mode | json }}, "enabled": {{ arguments.enabled | json }}, "priority": {{ arguments.priority | json }}}}]',
  ),
});

const save = '{"op": "copy", "from": "/huawei/running", "path": "/huawei/saved"}';

const saveConfiguration = writes('save_configuration', {
  displayName: '保存配置 (save)',
  description: '把当前配置保存为下次启动的配置。(Saves the running configuration.)',
  body: `{
  "success": true,
  "file": "flash:/vrpcfg.zip",
  "message": "The current configuration was saved to the device successfully.",
  "saved_at": {{ call.time | json }}
}`,
  changes: unlessFailed(`[${save}, {"op": "add", "path": "/huawei/saved_at", "value": {{ call.time | json }}}]`),
});

const currentConfiguration = reads('display_current_configuration', {
  displayName: '查看当前配置 (display current-configuration)',
  description: '返回当前配置，并说明是否有未保存的修改。(Shows the running configuration.)',
  parameters: [oneOf('section', '配置部分 (section)', ['all', 'vlan', 'interface', 'stp'], 'all')],
  body: `{% assign now = ${running} | json %}{% assign saved = state.huawei.saved | json %}{
  "success": true,
  "sysname": "CORE-SW-01",
  "section": {{ arguments.section | json }},
  "configuration": {% case arguments.section %}{% when 'vlan' %}{{ ${running}.vlans | json }}{% when 'interface' %}{{ ${running}.interfaces | json }}{% when 'stp' %}{{ ${running}.stp | json }}{% else %}{{ ${running} | json }}{% endcase %},
  "unsaved_changes": {% if now == saved %}false{% else %}true{% endif %},
  "saved_at": {{ state.huawei.saved_at | json }}
}`,
});

const reboot = destroys('reboot_device', {
  displayName: '重启设备 (reboot)',
  description: '重启交换机；没有保存的配置会丢失。(Restarts the switch; what was not saved is lost.)',
  parameters: [flag('save_first', '是否先保存配置 (save first)', { default: false })],
  body: `{
  "success": true,
  "saved_first": {{ arguments.save_first | json }},
  "message": "System is rebooting, please wait",
  "estimated_seconds": 180,
  "rebooted_at": {{ call.time | json }}
}`,
  changes: unlessFailed(
    `[{% if arguments.save_first %}${save}{% else %}{"op": "copy", "from": "/huawei/saved", "path": "/huawei/running"}{% endif %}]`,
  ),
});

function switchPort(slot: number, vlan: number, status: string, description: string) {
  const full = `GigabitEthernet0/0/${slot}`;
  return [full, { name: full, link_type: slot === 24 ? 'trunk' : 'access', vlan, status, description }] as const;
}

const configuration = {
  vlans: {
    '1': { vlan_id: 1, name: 'default', status: 'up' },
    '10': { vlan_id: 10, name: 'FINANCE', status: 'up' },
    '20': { vlan_id: 20, name: 'OFFICE', status: 'up' },
  },
  interfaces: Object.fromEntries([
    switchPort(1, 10, 'up', 'fin-web-01'),
    switchPort(2, 10, 'up', 'fin-db-01'),
    switchPort(3, 20, 'up', 'oa-app-01'),
    switchPort(4, 1, 'down', ''),
    switchPort(24, 1, 'up', 'UPLINK'),
  ]),
  stp: { mode: 'rstp', enabled: true, priority: 32_768 },
};

export const huaweiSwitch: CreateApp = {
  category: 'Network',
  name: 'HuaweiSwitch',
  displayName: '华为交换机 (Huawei switch)',
  description:
    '查看和配置接口、VLAN、MAC 地址表与生成树；没有保存的配置在重启后丢失。(Interfaces, VLANs, MAC addresses and spanning tree.)',
  aiNotes:
    '当前配置以状态中的 huawei.running 为准，已保存的为 huawei.saved；不存在的接口或 VLAN 返回 success 为 false。',
  enabled: true,
  initialState: { huawei: { running: configuration, saved: structuredClone(configuration), saved_at: null } },
  actions: [
    reads('display_interface_brief', {
      displayName: '查看接口概要 (display interface brief)',
      description: '列出全部接口的状态和所属 VLAN。(Lists all interfaces.)',
      body: `{"success": true, "interfaces": ${valuesOf(`${running}.interfaces`)}}`,
    }),
    interfaceDetail,
    reads('display_vlan_all', {
      displayName: '查看全部 VLAN (display vlan)',
      description: '列出全部 VLAN。(Lists all VLANs.)',
      body: `{"success": true, "vlans": ${valuesOf(`${running}.vlans`)}}`,
    }),
    createVlan,
    configureVlan,
    macTable,
    configureStp,
    saveConfiguration,
    currentConfiguration,
    reboot,
  ],
};
