import { destroys, reads, text, unlessFailed, writes } from './kit.ts';

/** The actions that both generations of the host agent have. */

const hostId = text('host_id*', '主机编号 (host ID)，例如 H-1001');

/** An answer about a host that there is. */
export function withHost(body: string): string {
  return `{% assign host = state.hosts[arguments.host_id] %}{% if host.host_id %}${body}{% else %}{
  "success": false,
  "error_code": "HOST_NOT_FOUND",
  "message": {{ '没有这台主机：' | append: arguments.host_id | json }}
}{% endif %}`;
}

function changesTo(status: string, note: string): string {
  const path = '/hosts/{{ arguments.host_id | pointer }}';
  return unlessFailed(`{% if state.hosts[arguments.host_id].host_id %}[
  {"op": "add", "path": "${path}/status", "value": "${status}"},
  {"op": "add", "path": "${path}/status_reason", "value": {{ ${note} | slice: 0, 500 | json }}},
  {"op": "add", "path": "${path}/status_changed_at", "value": {{ call.time | json }}}
]{% endif %}`);
}

export const isolateHost = destroys('isolate_host', {
  displayName: '隔离主机 (Isolate a host)',
  description: '切断主机除管理通道外的全部网络连接。(Cuts a host off the network.)',
  parameters: [hostId, text('reason', '隔离原因 (reason)', { default: '安全事件处置' })],
  body: withHost(`{
  "success": true,
  "task_id": "ISO-{{ 'string.numeric' | fake: 8 }}",
  "host_id": {{ host.host_id | json }},
  "host_ip": {{ host.ip | json }},
  "previous_status": {{ host.status | json }},
  "status": "isolated",
  "reason": {{ arguments.reason | json }},
  "executed_at": {{ call.time | json }}
}`),
  changes: changesTo('isolated', 'arguments.reason'),
});

export const releaseHost = writes('release_host', {
  displayName: '解除隔离 (Release a host)',
  description: '解除主机隔离，恢复网络连接。(Lets an isolated host back on the network.)',
  parameters: [hostId, text('comment', '备注 (comment)', { default: '处置完成' })],
  body: withHost(`{
  "success": true,
  "task_id": "REL-{{ 'string.numeric' | fake: 8 }}",
  "host_id": {{ host.host_id | json }},
  "host_ip": {{ host.ip | json }},
  "previous_status": {{ host.status | json }},
  "status": "normal",
  "comment": {{ arguments.comment | json }},
  "executed_at": {{ call.time | json }}
}`),
  changes: changesTo('normal', 'arguments.comment'),
});

export const hostStatus = reads('get_host_status', {
  displayName: '查询主机状态 (Get the status of a host)',
  description: '返回主机的基本信息、代理状态和隔离状态。(Tells how a host is.)',
  parameters: [hostId],
  body: withHost(`{
  "success": true,
  "host_id": {{ host.host_id | json }},
  "host_name": {{ host.host_name | json }},
  "host_ip": {{ host.ip | json }},
  "os": {{ host.os | json }},
  "group": {{ host.group | json }},
  "agent_status": {{ host.agent_status | json }},
  "status": {{ host.status | json }},
  "status_reason": {{ host.status_reason | json }},
  "status_changed_at": {{ host.status_changed_at | json }},
  "cpu_percent": {{ 'number.int' | fake: 3, 80 }},
  "memory_percent": {{ 'number.int' | fake: 20, 90 }},
  "last_heartbeat": {{ call.time | json }}
}`),
});
