/** What is said of graphs of agents. */
export const graphs = {
  graphBusy: '该运行仍在进行：请跟随或停止它，或等待其结束。',
  graphExists: '已存在名为“{{name}}”的图；请换一个名称。',
  graphInvalid: '无法保存该图：{{problem}}',
  graphModelGone: '节点“{{node}}”的模型已不存在或不可使用：{{model}}。',
  graphNameReserved: '“{{name}}”是保留字；请换一个名称。',
  graphNameRule: '图的名称为一行文字，最多 100 个字符，且不含“/”、“\\”和“.”。',
  graphNodeFailed: '节点“{{node}}”失败：{{problem}}',
  graphNotRunnable: '无法运行该图：{{problem}}',
  graphNotYours: '只有图的所有者和管理员可以更改它。',
  graphsFull: '您已有 {{count}} 个图，达到每人上限：请先删除一个再添加。',
  graphTooLong: '其提示词超过 {{count}} 个字符',
  graphVisits: '该运行已访问 {{count}} 个节点，达到上限：其中的移交可能形成循环。',
  noGraph: '图“{{name}}”不存在。',
  noGraphRun: '运行“{{id}}”不存在。',
  notARun: '该对话不是图的运行。',
  runOfOther: '运行“{{id}}”属于图“{{name}}”。',
};
