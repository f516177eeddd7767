import type { CreateApp } from '../schema.ts';
import { flag, oneOf, reads, text, unlessFailed, valuesOf, whole, writes } from './kit.ts';

const find =
  '{% assign port = state.c3750.ports[arguments.interface] %}{% assign vlan = state.c3750.vlans[arguments.vlan_id] %}';
const path = '/c3750/ports/{{ arguments.interface | pointer }}';
const inRange = 'arguments.vlan_id >= 1 and arguments.vlan_id <= 4094';
const vlanId = whole('vlan_id*', 'VLAN 编号 (VLAN ID)，1 到 4094');

function error(code: string, message: string): string {
  return `{"success": false, "error_code": "${code}", "message": "${message}"}`;
}

const showInterfaces = reads('show_interfaces', {
  displayName: '查看接口 (show interfaces)',
  description: '返回全部接口或指定接口的状态和 VLAN。(Shows one interface, or all.)',
  parameters: [text('interface', '接口名称 (interface)，例如 GigabitEthernet1/0/1；为空时为全部')],
  body: `${find}{% if arguments.interface and arguments.interface != '' %}{% if port.name %}{"success": true, "interfaces": [{{ port | json }}], "input_rate_bps": {{ 'number.int' | fake: 1000, 90000000 }}}{% else %}${error('INVALID_INTERFACE', '% Invalid input detected: no such interface')}{% endif %}{% else %}{"success": true, "interfaces": ${valuesOf('state.c3750.ports')}}{% endif %}`,
});

const configureVlan = writes('configure_vlan', {
  displayName: '配置 VLAN (Configure a VLAN)',
  description: '创建 VLAN 或修改其名称。(Creates or renames a VLAN.)',
  parameters: [vlanId, text('name', 'VLAN 名称 (name)', { default: '' })],
  body: `${find}{% if ${inRange} %}{
  "success": true,
  "vlan_id": {{ arguments.vlan_id | json }},
  "name": {{ arguments.name | json }},
  "existed": {% if vlan.vlan_id %}true{% else %}false{% endif %}
}{% else %}${error('INVALID_VLAN', '% Bad VLAN list')}{% endif %}`,
  changes: unlessFailed(
    `{% if ${inRange} %}[{"op": "add", "path": "/c3750/vlans/{{ arguments.vlan_id }}", "value": {"vlan_id": {{ arguments.vlan_id }}, "name": {{ arguments.name | slice: 0, 32 | json }}}}]{% endif %}`,
  ),
});

const configurePort = writes('configure_port', {
  displayName: '配置端口 (Configure a port)',
  description: '设置端口的模式、VLAN、描述和开关；VLAN 必须已经存在。(Sets the mode and VLAN of a port.)',
  parameters: [
    text('interface*', '接口名称 (interface)，例如 GigabitEthernet1/0/1'),
    vlanId,
    oneOf('mode', '端口模式 (mode)', ['access', 'trunk'], 'access'),
    text('description', '端口描述 (description)', { default: '' }),
    flag('shutdown', '是否关闭端口 (shutdown)', { default: false }),
  ],
  body: `${find}{% unless port.name %}${error('INVALID_INTERFACE', '% Invalid input detected: no such interface')}{% else %}{% unless vlan.vlan_id %}${error('VLAN_NOT_FOUND', '% Access VLAN does not exist')}{% else %}{
  "success": true,
  "interface": {{ port.name | json }},
  "previous_vlan": {{ port.vlan | json }},
  "vlan_id": {{ arguments.vlan_id | json }},
  "mode": {{ arguments.mode | json }},
  "status": {% if arguments.shutdown %}"disabled"{% else %}"connected"{% endif %}
}{% endunless %}{% endunless %}`,
  changes: unlessFailed(`${find}{% if port.name and vlan.vlan_id %}[
  {"op": "add", "path": "${path}/vlan", "value": {{ arguments.vlan_id | json }}},
  {"op": "add", "path": "${path}/mode", "value": {{ arguments.mode | json }}},
  {"op": "add", "path": "${path}/description", "value": {{ arguments.description | slice: 0, 200 | json }}},
  {"op": "add", "path": "${path}/status", "value": {% if arguments.shutdown %}"disabled"{% else %}"connected"{% endif %}}
]{% endif %}`),
});

function accessPort(slot: number, vlan: number, status: string) {
  const name = `GigabitEthernet1/0/${slot}`;
  return [name, { name, vlan, mode: 'access', status, description: '' }] as const;
}

export const cisco3750: CreateApp = {
  category: 'Network',
  name: 'Cisco3750',
  displayName: '思科 3750 交换机 (Cisco Catalyst 3750)',
  description: '查看版本和接口，配置 VLAN 和端口；配置会被记住。(Interfaces, VLANs and ports.)',
  aiNotes: '以状态中的 c3750 为准；不存在的接口或 VLAN 返回 success 为 false。',
  enabled: true,
  initialState: {
    c3750: {
      vlans: { '1': { vlan_id: 1, name: 'default' }, '100': { vlan_id: 100, name: 'SERVERS' } },
      ports: Object.fromEntries([
        accessPort(1, 100, 'connected'),
        accessPort(2, 100, 'connected'),
        accessPort(3, 1, 'notconnect'),
      ]),
    },
  },
  actions: [
    reads('show_version', {
      displayName: '查看版本 (show version)',
      description: '返回型号、软件版本、序列号和运行时间。(Tells model, software and uptime.)',
      body: `{
  "success": true,
  "hostname": "ACCESS-SW-01",
  "model": "WS-C3750X-48T-S",
  "ios_version": "15.2(4)E10",
  "serial_number": "FDO1842X0AB",
  "uptime_days": {{ 'number.int' | fake: 20, 900 }}
}`,
    }),
    showInterfaces,
    configureVlan,
    configurePort,
  ],
};
