import type { ReasonCode } from '@switchboard/core/calls/schema';

/** What is said of simulated products. */
export const apps = {
  appExists: '已存在应用“{{category}}/{{name}}”；请另选名称。',
  appNotYours: '只有应用的所有者和管理员可以更改它。',
  appShown: '本服务已将此应用作为服务器“{{server}}”展示。',
  appsFull: '您已有 {{count}} 个应用，达到每人上限：请先删除一个再添加。',
  appTokensFull: '您已有 {{count}} 个令牌，达到每人上限：请先删除一个再添加。',
  categoryReserved: '“{{category}}”是保留字；请另选分类。',
  noApp: '应用“{{app}}”不存在。',
  noAppList: '文件中没有应用列表（导出文件中有这样的列表）。',
  noAppToken: '令牌“{{token}}”不存在。',
  tooManyApps: '文件中的应用超过 {{most}} 个。',
  noPrompt: '模板“{{prompt}}”不存在。',
  noSnapshot: '该令牌没有快照“{{name}}”。',
  pairsFull: '一个应用最多有 {{most}} 条录制的调用：请先删除一些。',
  productReserved: '“{{name}}”是保留字；请另选名称。',
  snapshotsFull: '该令牌已有 {{count}} 个快照，达到上限：请先删除一个。',
} satisfies Partial<Record<ReasonCode, string>>;
