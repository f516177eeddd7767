import type { CreateApp } from '../schema.ts';
import { blockedIps } from './blocked-ips.ts';
import { list, oneOf, reads, roomIn, text, unlessFailed, valuesOf, whole, writes } from './kit.ts';

const addPolicy = writes('add_security_policy', {
  displayName: '新增安全策略 (Add a security policy)',
  description: '新增一条访问控制策略，同名策略会被替换。(Adds an access policy; one of the same name is replaced.)',
  parameters: [
    text('policy_name*', '策略名称 (policy name)'),
    text('source*', '源地址、网段或 any (source)'),
    text('destination*', '目的地址、网段或 any (destination)'),
    list('services', '服务列表 (services)，例如 ["tcp/443"]', { default: ['any'] }),
    oneOf('action', '动作 (action)', ['allow', 'deny'], 'deny'),
  ],
  body: `{
  "success": true,
  "policy_id": "POL-{{ 'string.numeric' | fake: 5 }}",
  "policy_name": {{ arguments.policy_name | json }},
  "replaced": {% if state.sangfor.policies[arguments.policy_name].policy_name %}true{% else %}false{% endif %},
  "source": {{ arguments.source | json }},
  "destination": {{ arguments.destination | json }},
  "services": {{ arguments.services | json }},
  "action": {{ arguments.action | json }},
  "enabled": true
}`,
  changes: unlessFailed(`[${roomIn('sangfor.policies', 100)}{
  "op": "add",
  "path": "/sangfor/policies/{{ arguments.policy_name | pointer }}",
  "value": {
    "policy_name": {{ arguments.policy_name | slice: 0, 200 | json }},
    "source": {{ arguments.source | slice: 0, 200 | json }},
    "destination": {{ arguments.destination | slice: 0, 200 | json }},
    "services": {{ arguments.services | slice: 0, 50 | json }},
    "action": {{ arguments.action | json }},
    "created_at": {{ call.time | json }}
  }
}]`),
});

const getPolicies = reads('list_security_policies', {
  displayName: '列出安全策略 (List security policies)',
  description: '返回当前的访问控制策略。(Lists the access policies.)',
  body: `{"success": true, "total": {{ state.sangfor.policies.size | json }}, "policies": ${valuesOf('state.sangfor.policies')}}`,
});

const getEvents = reads('get_threat_events', {
  displayName: '获取威胁事件 (Get threat events)',
  description: '返回最近的攻击与威胁事件；已封禁的来源标记为已阻断。(Lists recent attacks.)',
  parameters: [
    whole('hours', '查询最近多少小时 (hours)', { default: 24 }),
    oneOf('severity', '最低级别 (least severity)', ['low', 'medium', 'high'], 'low'),
  ],
  body: `{% assign sources = '203.0.113.66,198.51.100.23' | split: ',' %}{
  "success": true,
  "hours": {{ arguments.hours | json }},
  "events": [{% for source in sources %}{
    "event_id": "EV-{{ 'string.numeric' | fake: 8 }}",
    "source_ip": {{ source | json }},
    "destination_ip": "10.20.1.15",
    "type": {% if forloop.first %}"C2 通信"{% else %}"暴力破解"{% endif %},
    "severity": "high",
    "count": {{ 'number.int' | fake: 3, 260 }},
    "action": {% if state.sangfor.blocked[source].ip_address %}"blocked"{% else %}"alerted"{% endif %},
    "last_seen": {{ 'date.recent' | fake | json }}
  }{% unless forloop.last %},{% endunless %}{% endfor %}]
}`,
});

const getTraffic = reads('get_traffic_statistics', {
  displayName: '获取流量统计 (Get traffic statistics)',
  description: '返回接口的上下行流量、会话数和应用排名。(Traffic by interface and application.)',
  parameters: [
    text('interface', '接口名称 (interface)', { default: 'eth1' }),
    oneOf('period', '统计周期 (period)', ['hour', 'day', 'week'], 'hour'),
  ],
  body: `{
  "success": true,
  "interface": {{ arguments.interface | json }},
  "period": {{ arguments.period | json }},
  "inbound_mbps": {{ 'number.float' | fake: 40, 480 }},
  "outbound_mbps": {{ 'number.float' | fake: 20, 260 }},
  "sessions": {{ 'number.int' | fake: 1200, 18000 }},
  "top_applications": [{"name": "HTTPS", "percent": 61}, {"name": "DNS", "percent": 9}, {"name": "企业微信", "percent": 7}],
  "measured_at": {{ call.time | json }}
}`,
});

const updateSignatures = writes('update_ips_signatures', {
  displayName: '更新 IPS 特征库 (Update IPS signatures)',
  description: '将入侵防御特征库更新到指定版本或最新版本。(Updates the signatures of the intrusion prevention.)',
  parameters: [text('version', '目标版本 (version)；latest 表示最新', { default: 'latest' })],
  body: `{
  "success": true,
  "previous_version": {{ state.sangfor.ips_version | json }},
  "version": {% if arguments.version == 'latest' %}{{ call.time | date: '%Y.%m.%d' | json }}{% else %}{{ arguments.version | json }}{% endif %},
  "new_signatures": {{ 'number.int' | fake: 12, 320 }},
  "updated_at": {{ call.time | json }}
}`,
  changes: unlessFailed(
    `[{"op": "add", "path": "/sangfor/ips_version", "value": {% if arguments.version == 'latest' %}{{ call.time | date: '%Y.%m.%d' | json }}{% else %}{{ arguments.version | slice: 0, 50 | json }}{% endif %}}]`,
  ),
});

const configureUrls = writes('configure_url_filtering', {
  displayName: '配置 URL 过滤 (Configure URL filtering)',
  description: '按类别或网址设置放行、阻断或仅记录。(Says what happens to categories and addresses of the web.)',
  parameters: [
    text('category*', 'URL 类别 (category)，例如 gambling 或 phishing'),
    oneOf('action*', '处理动作 (action)', ['allow', 'block', 'log']),
    list('urls', '另外指定的网址 (further URLs)', { default: [] }),
  ],
  body: `{
  "success": true,
  "category": {{ arguments.category | json }},
  "previous_action": {{ state.sangfor.url_filters[arguments.category].action | json }},
  "action": {{ arguments.action | json }},
  "urls": {{ arguments.urls | json }},
  "applied_at": {{ call.time | json }}
}`,
  changes: unlessFailed(`[${roomIn('sangfor.url_filters', 100)}{
  "op": "add",
  "path": "/sangfor/url_filters/{{ arguments.category | pointer }}",
  "value": {"action": {{ arguments.action | json }}, "urls": {{ arguments.urls | slice: 0, 50 | json }}}
}]`),
});

export const sangfor: CreateApp = {
  category: 'Firewall',
  name: 'Sangfor',
  displayName: '深信服下一代防火墙 (Sangfor NGAF)',
  description:
    '安全策略、IP 封禁、威胁事件、流量统计、IPS 特征库和 URL 过滤。(Policies, blocked addresses, threats, traffic, signatures, URL filters.)',
  aiNotes:
    '以状态中的 sangfor 为准：blocked 为黑名单，policies 为策略，url_filters 为 URL 过滤，ips_version 为特征库版本。',
  enabled: true,
  initialState: {
    sangfor: {
      blocked: {},
      policies: {
        'default-deny': {
          policy_name: 'default-deny',
          source: 'any',
          destination: 'any',
          services: ['any'],
          action: 'deny',
          created_at: '2025-06-01T08:00:00.000Z',
        },
      },
      url_filters: { phishing: { action: 'block', urls: [] } },
      ips_version: '2025.11.01',
    },
  },
  actions: [addPolicy, getPolicies, ...blockedIps('sangfor'), getEvents, getTraffic, updateSignatures, configureUrls],
};
