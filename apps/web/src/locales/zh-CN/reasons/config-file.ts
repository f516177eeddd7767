import type { ReasonCode } from '@switchboard/core/calls/schema';

/** What is said of the file of the whole configuration. */
export const configFile = {
  fileChanged: '计划生成之后有内容发生了变化：请查看新的计划，再应用它。',
  fileEntries: '超过 {{most}} 个条目：请按部分分次处理',
  fileEntry: '必须是对象',
  fileInUse: '此刻正在计划或应用另一个文件：请等它结束后再试。',
  fileKeyTwice: '出现了两次',
  fileOfVersion: '必须是 1，即此文件的版本',
  fileRefused: '文件中有 {{number}} 个条目无法应用，因此什么都没有更改：{{place}}：{{reason}}',
  fileSection: '不是有效的部分；可用的有 {{names}}',
  fileTakesLong: '此文件耗时过长：请按部分分次处理。',
  keyIsName: '必须与条目所用的名称一致；此条目应位于“{{name}}”之下',
  nameInFile: '不能在文件中更改：条目以名称为准',
  noUserCalled: '没有名为“{{name}}”的用户',
  othersChange: '此刻有其他人正在更改：请重试。',
  promptUnknown: '本服务没有这样的提示词',
  secretNeeded: '缺少文件中没有的 {{field}}，无法创建',
} satisfies Partial<Record<ReasonCode, string>>;
