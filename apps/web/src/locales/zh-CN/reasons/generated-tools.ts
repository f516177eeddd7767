/** What is said of tools that models wrote. */
export const generatedTools = {
  generatedStays: '生成的工具不能改为其他类型的服务器，其他服务器也不能改为生成的工具',
  noGeneratedTool: '没有名为“{{id}}”的生成工具。',
  noSandbox: '没有可用容器运行它的 Docker Engine；请设置 DOCKER_HOST。',
  notReviewed: '在其文件经过审核并启用之前处于停用状态。',
  toolCannotRun: '工具已写好，但无法在此运行：{{reason}}',
  toolChanged: '工具在您查看之后已被更改：启用之前请再次查看。',
  toolNameTaken: 'MCP 工具“{{name}}”已存在；请换一个名称。',
};
