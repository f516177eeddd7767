import type { ReasonCode } from '@switchboard/core/calls/schema';

/** What is said of models and of what is used of them. */
export const models = {
  budgetOfKeySpent:
    '此 API 密钥的模型预算已用完：{{period}}{{used}}（含进行中的轮次）。预算将于{{next}}（UTC）重新计算。',
  budgetSpent: '您的模型预算已用完：{{period}}{{used}}（含进行中的轮次）。预算将于{{next}}（UTC）重新计算。',
  noClaude: '没有您可以使用的 Claude 模型：请管理员添加或向您开放一个，或在启动本服务时设置 ANTHROPIC_API_KEY。',
  callbackForbidden: '无法通知：{{why}}',
  callbackRefused: '回调地址应答 {{status}}。',
  claudeAskerGone: '提问的账户或 API 密钥已不存在或已停用。',
  claudeFailed: '本服务内部出错。其日志中有更多信息。',
  claudeKept: '您最近 24 小时内的 {{count}} 个问题仍被保留，已达上限：请稍后再问。',
  claudeLost: '答案已丢失：生成期间本服务多次被终止。请重新提问。',
  claudeWaiting: '您有 {{count}} 个问题正在等待回答，已达上限：请先获取它们的答案。',
  noClaudeRequest: '您没有“{{id}}”这个问题；答案保留 24 小时。',
  tellsNobody: '此进程不向任何回调地址发送内容。',
  groupNotSeen: '“{{group}}”不存在，或您无法查看',
  keepsNoKey: '“***”表示保留已存储的密钥，但尚未存储密钥：请填写密钥本身',
  keepsNoValue: '“***”表示保留已存储的值，但尚未存储值：请填写值本身',
  modelBuiltIn: '此模型为内置模型，不能更改或删除。',
  modelExists: '已存在名为“{{name}}”的模型；请另选名称。',
  modelNameBuiltIn: '“{{name}}”是内置模型的名称；请另选名称。',
  modelNotYours: '只有模型的所有者和管理员可以更改它。',
  modelSecretsElsewhere:
    '此更改可能将“{{name}}”的机密发送到别处，因此需要重新提供其 API 密钥和请求头；或由用户本人更改。',
  modelsFull: '您已有 {{count}} 个模型，达到每人上限：请先删除一个再添加。',
  moneyOf: '已用 {{spent}}，上限 {{most}}',
  nextMonth: '下月',
  noModel: '模型“{{name}}”不存在。',
  speaksToNoModels: '此进程不与任何模型通信。',
  thisMonth: '本月',
  today: '今日',
  tokensOf: '已用 {{spent}} 个 token，上限 {{most}} 个',
  tomorrow: '明日',
} satisfies Partial<Record<ReasonCode, string>>;
