import type { ReasonCode } from '@switchboard/core/calls/schema';

/** What is said of groups, their members and their servers. */
export const groups = {
  aliasTaken: '“{{name}}”在此群组中代表{{other}}：请选择其他别名',
  anotherServer: '另一台服务器',
  cannotGive: '您不能给予自己在“{{id}}”上没有的权限：{{permissions}}。',
  groupFull: '群组“{{id}}”已满：最多 {{most}} 名成员，等待批准的也计算在内。',
  groupInCircle: '“{{parent}}”就是“{{id}}”本身，或位于其下',
  groupNotInForce: '群组“{{id}}”尚未生效。请稍后重试。',
  groupNotStored: '群组未能保存。',
  groupTooDeep: '群组最多可以有 {{most}} 级',
  groupsBelow: '“{{id}}”之下还有群组：{{ids}}。请先移除或移动它们。',
  memberAlready: '“{{name}}”已经是群组“{{id}}”的成员。',
  mostItemsOfGroup: '此群组更改了“{{id}}”的 {{most}} 个项目，已达上限。',
  noGroup: '群组“{{id}}”不存在。',
  noGroupOfId: '没有群组“{{id}}”',
  noItem: '“{{server}}”没有 {{type}} “{{name}}”。',
  noMember: '“{{user}}”不是群组“{{id}}”的成员。',
  notInGroupAnyMore: '已不在此群组中',
  notYourItem: '您自己无权使用“{{name}}”：请联系“{{id}}”的所有者或管理员。',
  privateServer: '“{{id}}”是私有的：请先允许群组查看它，再将其放入群组。',
  renameOnlyNames: '仅适用于工具和提示词：URI 不会更改',
  serverInGroup: '服务器“{{id}}”已在群组“{{group}}”中。',
  serverNotInGroup: '服务器“{{id}}”不在群组“{{group}}”中。',
  theServer: '“{{id}}”',
  youNoMember: '您不是群组“{{id}}”的成员。',
} satisfies Partial<Record<ReasonCode, string>>;
