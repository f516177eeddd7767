import type { Translation } from '../../locales/translation.ts';
import type { words as english } from './words.en.ts';
import { adding } from './words/adding.zh.ts';
import { homes } from './words/homes.zh.ts';
import { offer } from './words/offer.zh.ts';
import { review } from './words/review.zh.ts';
import { signIn } from './words/sign-in.zh.ts';
import { slots } from './words/slots.zh.ts';

export const words = {
  family: '服务器',
  add: '添加服务器',
  addLead: '填写一台服务器，或粘贴任意 MCP 客户端的配置。',
  anyKind: '所有类型',
  callsLastHour: '近一小时调用',
  trend: { title: '近 24 小时调用', text: '近 24 小时调用 {{calls}} 次，失败 {{failed}} 次' },
  danger: '删除此服务器',
  fillIn: '填写表单',
  gone: '没有名为“{{id}}”的服务器',
  kind: '类型',
  lastActivity: '最近活动',
  lead: '本服务接入的全部 MCP 服务器及其当前状态。',
  noMatch: '没有符合筛选条件的服务器',
  pasteConfig: '粘贴配置',
  problems: '有问题的',
  remove: '删除服务器',
  removeBody: '服务器 {{id}} 将停止，其设置、密钥和日志会被删除，客户端将无法再使用它的工具。此操作无法撤销。',
  removeHint: '它会停止，设置、密钥和日志会被删除；调用记录保留。',
  review,
  signIn,
  slots,
  restart: '重启',
  simulate: '制作模拟产品',
  search: '搜索服务器',
  sections: '服务器的各个部分',
  shown_other: '显示 {{shown}} / {{count}} 台服务器',
  start: '启动',
  stop: '停止',
  tools: '工具',
  try: '试用',
  tryOne: '试用 {{name}}',
  tab: {
    overview: '概览',
    tools: '工具',
    resources: '资源',
    prompts: '提示词',
    logs: '日志',
    settings: '设置',
    history: '历史',
  },
  history: {
    body: '机密值保持现状，是否启用也不变。如果命令或地址改变，服务器会重启。',
    title: '将 {{name}} 回滚到版本 {{number}}？',
  },
  detail: {
    average: '平均',
    created: '添加时间',
    errors_other: '{{count}} 次失败',
    toolErrors_other: '{{count}} 次工具错误',
    failing_other: '已连续失败 {{count}} 次',
    identity: '它是什么',
    inFlight: '进行中的调用',
    instances: '实例',
    instancesOf: '{{count}}，上限 {{max}}',
    missingHint: '设置中提到了这些名称，但没有任何来源提供它们。请把它们加到环境变量中。',
    missingHintRemote:
      '地址或标头以 ${NAME} 的形式提到了这些名称，但没有任何来源提供它们。请在设置中显示该标头，并把值写在占位符的位置。',
    needsSignIn: '它要求登录',
    pid: '进程号',
    protocol: '协议版本',
    serverInfo: '自称',
    state: '运行状况',
    uptime: '已运行',
  },
  settings: {
    notYours: '您可以查看此服务器，但不能修改。',
    server: '服务器',
  },
  ...adding,
  ...offer,
  ...homes,
} satisfies Translation<typeof english>;
