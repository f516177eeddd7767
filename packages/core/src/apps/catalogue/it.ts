import type { CreateApp } from '../schema.ts';
import { destroys, oneOf, reads, text, unlessFailed, writes } from './kit.ts';
import { assets, users } from './world.ts';

const username = text('username*', 'AD 账号名 (AD user name)，例如 zhangwei');

/** An answer about an account that there is. */
function withUser(body: string): string {
  return `{% assign user = state.users[arguments.username] %}{% if user.username %}${body}{% else %}{
  "success": false,
  "error_code": "USER_NOT_FOUND",
  "message": {{ '域中没有该账号：' | append: arguments.username | json }}
}{% endif %}`;
}

function changesTo(enabled: boolean): string {
  const path = '/users/{{ arguments.username | pointer }}';
  return unlessFailed(`{% if state.users[arguments.username].username %}[
  {"op": "add", "path": "${path}/enabled", "value": ${enabled}},
  {"op": "add", "path": "${path}/changed_reason", "value": {{ arguments.reason | slice: 0, 500 | json }}},
  {"op": "add", "path": "${path}/changed_at", "value": {{ call.time | json }}}
]{% endif %}`);
}

function switched(enabled: boolean): string {
  return withUser(`{
  "success": true,
  "username": {{ user.username | json }},
  "display_name": {{ user.display_name | json }},
  "was_enabled": {{ user.enabled | json }},
  "enabled": ${enabled},
  "reason": {{ arguments.reason | json }},
  "changed_at": {{ call.time | json }}
}`);
}

const queryUser = reads('query_ad_user_info', {
  displayName: '查询 AD 用户 (Query an AD user)',
  description: '返回账号的姓名、部门、联系方式、启用状态和所属组。(Tells who an account belongs to.)',
  parameters: [username],
  body: withUser(`{
  "success": true,
  "username": {{ user.username | json }},
  "display_name": {{ user.display_name | json }},
  "distinguished_name": {{ 'CN=' | append: user.display_name | append: ',OU=' | append: user.department | append: ',DC=example,DC=com' | json }},
  "department": {{ user.department | json }},
  "title": {{ user.title | json }},
  "email": {{ user.email | json }},
  "phone": {{ user.phone | json }},
  "enabled": {{ user.enabled | json }},
  "changed_reason": {{ user.changed_reason | json }},
  "changed_at": {{ user.changed_at | json }},
  "groups": ["Domain Users", {{ user.department | json }}],
  "last_logon": {{ 'date.recent' | fake | json }}
}`),
});

export const ldap: CreateApp = {
  category: 'IT',
  name: 'LDAP',
  displayName: 'AD 域账号管理 (LDAP / Active Directory)',
  description:
    '查询、禁用和启用域账号。账号见初始状态的 users。(Looks accounts of the domain up, disables and enables them.)',
  aiNotes: '账号以状态中的 users 为准，不存在的账号返回 success 为 false；enabled 表示是否启用。',
  enabled: true,
  initialState: { users },
  actions: [
    queryUser,
    destroys('disable_ad_user', {
      displayName: '禁用 AD 用户 (Disable an AD user)',
      description: '禁用域账号，使其不能登录。(Keeps an account from logging in.)',
      parameters: [username, text('reason', '禁用原因 (reason)', { default: '安全事件处置' })],
      body: switched(false),
      changes: changesTo(false),
    }),
    writes('enable_ad_user', {
      displayName: '启用 AD 用户 (Enable an AD user)',
      description: '重新启用域账号。(Lets an account log in again.)',
      parameters: [username, text('reason', '启用原因 (reason)', { default: '处置完成' })],
      body: switched(true),
      changes: changesTo(true),
    }),
  ],
};

const queryIp = reads('query_ip_environment_info', {
  displayName: '查询 IP 环境信息 (Query the environment of an IP address)',
  description: '返回 IP 所属的系统、环境、网段、责任人和重要程度。(Tells what an address is used for.)',
  parameters: [text('ip*', '内网 IP 地址 (internal IP address)，例如 10.20.1.15')],
  body: `{% assign asset = state.assets[arguments.ip] %}{
  "success": true,
  "ip": {{ arguments.ip | json }},
  "registered": {% if asset.ip %}true{% else %}false{% endif %},
  "environment": {{ asset.environment | default: 'unknown' | json }},
  "asset": {% if asset.ip %}{{ asset | json }}{% else %}null{% endif %},
  "queried_at": {{ call.time | json }}
}`,
});

const queryAssets = reads('query_assets_by_ad_username', {
  displayName: '按 AD 账号查询资产 (Query assets by AD user name)',
  description: '返回账号名下的服务器和终端资产。(Lists what somebody is responsible for.)',
  parameters: [username, oneOf('asset_type', '资产类型 (asset type)', ['all', 'server', 'workstation'], 'all')],
  body: `{% assign found = 0 %}{
  "success": true,
  "username": {{ arguments.username | json }},
  "assets": [{% for entry in state.assets %}{% assign asset = entry[1] %}{% if asset.owner == arguments.username %}{% if arguments.asset_type == 'all' or arguments.asset_type == asset.asset_type %}{% if found > 0 %},{% endif %}{% assign found = found | plus: 1 %}
    {{ asset | json }}{% endif %}{% endif %}{% endfor %}
  ],
  "total": {{ found }}
}`,
});

export const cmdb: CreateApp = {
  category: 'IT',
  name: 'cmdb',
  displayName: '配置管理数据库 (CMDB)',
  description: '按 IP 或责任人查询资产。资产见初始状态的 assets。(Looks assets up by address or owner.)',
  aiNotes: '资产以状态中的 assets 为准；未登记的 IP 的 registered 为 false。',
  enabled: true,
  initialState: { assets },
  actions: [queryIp, queryAssets],
};
