import type { CreateApp } from '../schema.ts';
import { flag, oneOf, reads, roomIn, text, unlessFailed, valuesOf, whole, writes } from './kit.ts';

const find = '{% assign port = state.router.running.interfaces[arguments.interface] %}';
const path = '/router/running/interfaces/{{ arguments.interface | pointer }}';
const noPort =
  '{"success": false, "error_code": "INVALID_INTERFACE", "message": "% Invalid interface type and number"}';

const configureInterface = writes('configure_interface', {
  displayName: '配置接口 (Configure an interface)',
  description: '设置接口的地址、描述和开关。(Sets the address and state of an interface.)',
  parameters: [
    text('interface*', '接口名称 (interface)，例如 GigabitEthernet0/1'),
    text('ip_address*', '接口地址 (IP address)'),
    text('subnet_mask', '子网掩码 (subnet mask)', { default: '255.255.255.0' }),
    text('description', '接口描述 (description)', { default: '' }),
    flag('shutdown', '是否关闭接口 (shutdown)', { default: false }),
  ],
  body: `${find}{% if port.name %}{
  "success": true,
  "interface": {{ port.name | json }},
  "previous_ip_address": {{ port.ip_address | json }},
  "ip_address": {{ arguments.ip_address | json }},
  "subnet_mask": {{ arguments.subnet_mask | json }},
  "status": {% if arguments.shutdown %}"administratively down"{% else %}"up"{% endif %}
}{% else %}${noPort}{% endif %}`,
  changes: unlessFailed(`${find}{% if port.name %}[{"op": "add", "path": "${path}", "value": {
  "name": {{ port.name | json }},
  "ip_address": {{ arguments.ip_address | slice: 0, 50 | json }},
  "subnet_mask": {{ arguments.subnet_mask | slice: 0, 50 | json }},
  "description": {{ arguments.description | slice: 0, 200 | json }},
  "status": {% if arguments.shutdown %}"administratively down"{% else %}"up"{% endif %}
}}]{% endif %}`),
});

const configureRoute = writes('configure_static_route', {
  displayName: '配置静态路由 (Configure a static route)',
  description: '新增静态路由；目的相同的路由会被替换。(Adds a static route.)',
  parameters: [
    text('destination*', '目的网段 (destination)，例如 10.50.0.0/16'),
    text('next_hop*', '下一跳地址 (next hop)'),
    whole('distance', '管理距离 (distance)', { default: 1 }),
  ],
  body: `{
  "success": true,
  "destination": {{ arguments.destination | json }},
  "next_hop": {{ arguments.next_hop | json }},
  "distance": {{ arguments.distance | json }},
  "replaced": {% if state.router.running.routes[arguments.destination].destination %}true{% else %}false{% endif %}
}`,
  changes: unlessFailed(`[${roomIn('router.running.routes', 100)}{
  "op": "add",
  "path": "/router/running/routes/{{ arguments.destination | pointer }}",
  "value": {
    "code": "S",
    "destination": {{ arguments.destination | slice: 0, 50 | json }},
    "next_hop": {{ arguments.next_hop | slice: 0, 50 | json }},
    "distance": {{ arguments.distance | json }}
  }
}]`),
});

const configureAcl = writes('configure_access_list', {
  displayName: '配置访问列表 (Configure an access list)',
  description: '新增或替换一条访问列表。(Adds or replaces an access list.)',
  parameters: [
    text('name*', '访问列表名称 (name)'),
    oneOf('action*', '动作 (action)', ['permit', 'deny']),
    text('source*', '源地址或 any (source)'),
    text('destination', '目的地址或 any (destination)', { default: 'any' }),
    oneOf('protocol', '协议 (protocol)', ['ip', 'tcp', 'udp', 'icmp'], 'ip'),
  ],
  body: `{
  "success": true,
  "name": {{ arguments.name | json }},
  "action": {{ arguments.action | json }},
  "protocol": {{ arguments.protocol | json }},
  "source": {{ arguments.source | json }},
  "destination": {{ arguments.destination | json }}
}`,
  changes: unlessFailed(`[${roomIn('router.running.access_lists', 100)}{
  "op": "add",
  "path": "/router/running/access_lists/{{ arguments.name | pointer }}",
  "value": {
    "name": {{ arguments.name | slice: 0, 100 | json }},
    "action": {{ arguments.action | json }},
    "protocol": {{ arguments.protocol | json }},
    "source": {{ arguments.source | slice: 0, 50 | json }},
    "destination": {{ arguments.destination | slice: 0, 50 | json }}
  }
}]`),
});

const ping = reads('ping', {
  displayName: '连通性测试 (ping)',
  description: '从路由器向目标发送探测报文，返回丢包率和时延。(Tests whether an address answers.)',
  parameters: [text('target*', '目标地址或域名 (target)'), whole('count', '报文个数 (count)', { default: 5 })],
  body: `{
  "success": true,
  "target": {{ arguments.target | json }},
  "sent": {{ arguments.count | json }},
  "received": {{ arguments.count | json }},
  "loss_percent": 0,
  "rtt_ms": {"min": 1, "avg": {{ 'number.int' | fake: 2, 20 }}, "max": {{ 'number.int' | fake: 21, 60 }}}
}`,
});

const save = writes('save_configuration', {
  displayName: '保存配置 (copy running-config startup-config)',
  description: '把运行配置保存为启动配置。(Saves the running configuration.)',
  body: '{"success": true, "message": "Building configuration... [OK]", "saved_at": {{ call.time | json }}}',
  changes: unlessFailed(
    '[{"op": "copy", "from": "/router/running", "path": "/router/startup"}, {"op": "add", "path": "/router/saved_at", "value": {{ call.time | json }}}]',
  ),
});

function routerPort(name: string, ip_address: string, description: string) {
  return [name, { name, ip_address, subnet_mask: '255.255.255.0', description, status: 'up' }] as const;
}

const running = {
  interfaces: Object.fromEntries([
    routerPort('GigabitEthernet0/0', '198.51.100.2', 'WAN'),
    routerPort('GigabitEthernet0/1', '10.20.1.1', 'FINANCE'),
    routerPort('GigabitEthernet0/2', '10.20.2.1', 'OFFICE'),
  ]),
  routes: { '0.0.0.0/0': { code: 'S*', destination: '0.0.0.0/0', next_hop: '198.51.100.1', distance: 1 } },
  access_lists: {},
};

export const ciscoRouter: CreateApp = {
  category: 'Network',
  name: 'CiscoRouter',
  displayName: '思科路由器 (Cisco router)',
  description: '查看和配置接口、路由与访问列表；配置会被记住。(Interfaces, routes and access lists.)',
  aiNotes: '运行配置以状态中的 router.running 为准，启动配置为 router.startup；不存在的接口返回 success 为 false。',
  enabled: true,
  initialState: { router: { running, startup: structuredClone(running), saved_at: null } },
  actions: [
    reads('show_version', {
      displayName: '查看版本 (show version)',
      description: '返回型号、软件版本和运行时间。(Tells model, software and uptime.)',
      body: '{"success": true, "hostname": "EDGE-R1", "model": "ISR4331/K9", "ios_version": "16.12.5", "uptime_days": {{ \'number.int\' | fake: 20, 900 }}}',
    }),
    reads('show_ip_interface_brief', {
      displayName: '查看接口地址 (show ip interface brief)',
      description: '列出接口的地址和状态。(Lists interfaces with their addresses.)',
      body: `{"success": true, "interfaces": ${valuesOf('state.router.running.interfaces')}}`,
    }),
    reads('show_ip_route', {
      displayName: '查看路由表 (show ip route)',
      description: '列出静态路由。(Lists the routes.)',
      body: `{"success": true, "routes": ${valuesOf('state.router.running.routes')}}`,
    }),
    reads('show_access_lists', {
      displayName: '查看访问列表 (show access-lists)',
      description: '列出访问列表。(Lists the access lists.)',
      body: `{"success": true, "access_lists": ${valuesOf('state.router.running.access_lists')}}`,
    }),
    reads('show_running_config', {
      displayName: '查看运行配置 (show running-config)',
      description: '返回运行配置，并说明是否已保存。(Shows the running configuration.)',
      body: `{% assign now = state.router.running | json %}{% assign saved = state.router.startup | json %}{"success": true, "hostname": "EDGE-R1", "configuration": {{ now }}, "unsaved_changes": {% if now == saved %}false{% else %}true{% endif %}, "saved_at": {{ state.router.saved_at | json }}}`,
    }),
    configureInterface,
    configureRoute,
    configureAcl,
    ping,
    save,
  ],
};
