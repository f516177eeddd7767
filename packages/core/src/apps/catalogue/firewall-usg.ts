import type { CreateApp } from '../schema.ts';
import { blockedIps } from './blocked-ips.ts';

export const usgFirewall: CreateApp = {
  category: 'Firewall',
  name: 'USGFirewall',
  displayName: '华为 USG 防火墙 (Huawei USG firewall)',
  description: '边界防火墙的黑名单管理：封禁、解封和查询。(Blocked addresses of a perimeter firewall.)',
  aiNotes: '黑名单以状态中的 usg.blocked 为准；解封不在其中的地址时返回 success 为 false。',
  enabled: true,
  initialState: { usg: { blocked: {} } },
  actions: blockedIps('usg'),
};
