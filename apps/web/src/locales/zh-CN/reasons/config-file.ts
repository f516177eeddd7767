import type { ReasonCode } from '@switchboard/core/calls/schema';

/** What is said of the file of the whole configuration. */
export const configFile = {
  fileChanged: '计划生成之后有内容发生了变化：请查看新的计划，再应用它。',
  fileEntry: '必须是对象',
  fileKeyTwice: '出现了两次',
  fileOfVersion: '必须是 1，即此文件的版本',
  fileRefused: '文件中有 {{number}} 个条目无法应用，因此什么都没有更改：{{place}}：{{reason}}',
  fileSection: '不是有效的部分；可用的有 {{names}}',
  noUserCalled: '没有名为“{{name}}”的用户',
  othersChange: '此刻有其他人正在更改：请重试。',
  promptUnknown: '本服务没有这样的提示词',
  secretNeeded: '缺少文件中没有的 {{field}}，无法创建',
} satisfies Partial<Record<ReasonCode, string>>;
