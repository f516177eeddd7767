import type { Translation } from '../../locales/translation.ts';
import type { words as english } from './words.en.ts';

export const words = {
  allProblems_other: '全部 {{count}} 个问题',
  calls: '近 5 分钟的调用',
  connect: '接入客户端',
  durations: '中位数 {{median}}，95% 不超过 {{p95}}',
  endpointAll: '全部服务器，供 MCP 客户端使用',
  endpointOne: '单台服务器',
  endpoints: '端点',
  failed: '近一小时失败率',
  failedOf_other: '{{count}} 次调用中 {{failed}} 次失败',
  inState: '{{count}} 台{{state}}',
  lead: '服务的现状与最近发生的事。',
  loadFailed: '无法加载概览',
  noServers: '还没有服务器',
  ofSeen: '统计范围：您能看到的服务器',
  openapi: 'REST API（OpenAPI 文档）',
  perMinute: '{{value}} 次/分钟',
  problems_other: '{{count}} 个问题待处理',
  recentCalls: '最近的调用',
  serversReady: '就绪的服务器',
  sessions_other: '{{count}} 个打开的会话',
  title: '概览',
  toolErrors_other: '{{count}} 次工具错误',
  tools: '工具',
  welcome: '欢迎。可以这样开始：',
} satisfies Translation<typeof english>;
