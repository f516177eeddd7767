import type { Translation } from '../../locales/translation.ts';
import type { words as english } from './words.en.ts';

export const words = {
  allHint: '对于管理员，其中不包含他人为自己注册的服务器：选择某个服务器即可单独连接。',
  clients: '客户端',
  createKey: '创建密钥',
  file: '写入文件',
  groupHint: '一个 URL，内容正是本群组所给予的。仅成员可用。',
  lead: '一个 URL 接入全部服务器，适用于所有 MCP 客户端。',
  needsKey: '客户端需要 API 密钥。代码片段中以 {{placeholder}} 代替。',
  only: '仅 {{name}}',
  stdio: 'stdio 桥接',
  url: 'URL',
  what: '接入范围',
  signIn: {
    far: '此客户端通过互联网访问本服务。请先为本服务设置 https 地址（PUBLIC_URL）。',
    hint: '客户端会打开本服务的一个浏览器页面，由您在其中授权。它的文件中不保存密钥。',
    label: '登录方式',
    key: '使用 API 密钥',
    signIn: '通过登录',
  },
  how: {
    'claude-code': '在终端中运行。',
    'claude-desktop':
      '打开“设置 → 开发者 → 编辑配置”，保存后重启。Claude Desktop 会启动 Switchboard 自带的小型桥接程序；请填入实际路径。',
    cursor: '加到该文件（或项目的 .cursor/mcp.json）中。',
    vscode: '加到工作区的该文件中，或运行“MCP: Add Server”并选择 HTTP。',
    windsurf: '加到该文件中，然后在 Cascade 的 MCP 服务器处点击刷新。',
    zed: '加到设置中。',
    codex: '加到该文件中。',
    gemini: '加到该文件中。',
    'claude-ai': '打开“设置 → 连接器 → 添加自定义连接器”，粘贴此 URL。',
    chatgpt: '打开“设置 → 应用与连接器”，启用开发者模式后用此 URL 创建连接器，并选择 OAuth。',
    curl: '按当前协议版本发出的一个请求，无需会话。',
    stdio: '供只能启动程序的客户端使用：桥接程序对客户端使用 stdio，对本服务使用 HTTP。请填入实际路径。',
  },
} satisfies Translation<typeof english>;
