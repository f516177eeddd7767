/** What is said of tools that models wrote. */
export const generatedTools = {
  denoNotFetched: '无法从 npm 源获取 Deno（{{reason}}）；请用 TOOL_DENO 指定其位置。',
  generatedStays: '生成的工具不能改为其他类型的服务器，其他服务器也不能改为生成的工具',
  noGeneratedTool: '没有名为“{{id}}”的生成工具。',
  noSandbox: '没有可用来运行它的环境；请设置 DOCKER_HOST 或 TOOL_DENO，并查看 TOOL_SANDBOX。',
  notReviewed: '在其文件经过审核并启用之前处于停用状态。',
  pythonNeedsEngine: '用 Python 编写的工具只能在容器中运行，而此处没有 Docker Engine；请设置 DOCKER_HOST。',
  toolCannotRun: '工具已写好，但无法在此运行：{{reason}}',
  toolChanged: '工具在您查看之后已被更改：启用之前请再次查看。',
  toolMemory: '工具占用的内存超过 {{size}} MB，已被终止。',
  toolNameTaken: 'MCP 工具“{{name}}”已存在；请换一个名称。',
};
