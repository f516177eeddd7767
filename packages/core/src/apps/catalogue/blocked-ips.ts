import { destroys, reads, roomIn, text, unlessFailed, valuesOf, whole, writes } from './kit.ts';

/** Actions of a firewall that keeps its blocked addresses under a key of the state. */
export function blockedIps(key: string) {
  const path = `/${key}/blocked/{{ arguments.ip_address | pointer }}`;
  const ip = text('ip_address*', 'IP 地址或网段 (IP address or network)，例如 203.0.113.66');
  const entry = `{% assign entry = state.${key}.blocked[arguments.ip_address] %}`;
  return [
    destroys('block_ip_address', {
      displayName: '封禁 IP (Block an IP address)',
      description: '将 IP 地址加入黑名单，丢弃与其往来的流量。(Blocks traffic with an address.)',
      parameters: [
        ip,
        whole('duration_minutes', '封禁时长，单位分钟 (minutes)；0 表示永久', { default: 0 }),
        text('reason', '封禁原因 (reason)', { default: '威胁处置' }),
      ],
      body: `${entry}{
  "success": true,
  "rule_id": "BLK-{{ 'string.numeric' | fake: 6 }}",
  "ip_address": {{ arguments.ip_address | json }},
  "already_blocked": {% if entry.ip_address %}true{% else %}false{% endif %},
  "duration_minutes": {{ arguments.duration_minutes | json }},
  "reason": {{ arguments.reason | json }},
  "blocked_at": {{ call.time | json }}
}`,
      changes: unlessFailed(`[${roomIn(`${key}.blocked`, 200)}{"op": "add", "path": "${path}", "value": {
  "ip_address": {{ arguments.ip_address | slice: 0, 100 | json }},
  "duration_minutes": {{ arguments.duration_minutes | json }},
  "reason": {{ arguments.reason | slice: 0, 500 | json }},
  "blocked_at": {{ call.time | json }}
}}]`),
    }),
    writes('unblock_ip_address', {
      displayName: '解封 IP (Unblock an IP address)',
      description: '将 IP 地址移出黑名单。(Takes an address off the list of blocked ones.)',
      parameters: [ip],
      body: `${entry}{% if entry.ip_address %}{
  "success": true,
  "ip_address": {{ arguments.ip_address | json }},
  "blocked_at": {{ entry.blocked_at | json }},
  "unblocked_at": {{ call.time | json }}
}{% else %}{
  "success": false,
  "error_code": "NOT_BLOCKED",
  "message": {{ '该地址不在黑名单中：' | append: arguments.ip_address | json }}
}{% endif %}`,
      changes: unlessFailed(`${entry}{% if entry.ip_address %}[{"op": "remove", "path": "${path}"}]{% endif %}`),
    }),
    reads('list_blocked_ips', {
      displayName: '列出封禁的 IP (List blocked IP addresses)',
      description: '返回当前黑名单中的地址、原因和封禁时间。(Lists the addresses that are blocked.)',
      body: `{"success": true, "total": {{ state.${key}.blocked.size | json }}, "blocked": ${valuesOf(`state.${key}.blocked`)}}`,
    }),
  ];
}
