import type { ReasonCode } from '@switchboard/core/calls/schema';

/** What is said of the hub itself, and of requests whatever they are about. */
export const hub = {
  notPostedTo: '无法向其发送：{{reason}}',
  setByVariable: '由环境变量 {{variable}} 设定：请在那里修改，或取消设置后重新启动',
  databaseAway: '数据库暂时无法访问；恢复后，本服务会自动重新应答。',
  databaseRefused: '数据库拒绝了该请求。',
  holdsNul: '某个值含有 NUL 字符，此处的文本不允许包含它。',
  inField: '{{field}}：{{reason}}',
  keyOfAnotherDatabase: 'SECRET_KEY 不是创建此数据库时所用的密钥；请使用原密钥启动，或使用空数据库。',
  nameExists: '已存在同名的内容。',
  referenceGone: '所引用的内容已不存在。',
  requestEnded: '请求在得到应答之前就结束了。',
  said: '{{words}}',
  secretKeyLength: 'SECRET_KEY 必须是 32 字节的 base64；现有 {{length}} 字节。',
  secretUnreadable: '无法用此 SECRET_KEY 读取“{{row}}”中存储的 {{column}}。',
  shutdownNotAllowed: '此服务不能通过 HTTP 停止：需要在其设置中使用 ALLOW_SHUTDOWN=true。',
  wentWrong: '本服务内部出错。其日志中 {{request}} 下有更多信息。',
  wrongKind: '某个值不是此处需要的类型。',
  sentence: '{{reason}}。',
  changedAlone: '必须单独更改：请省略其他字段',
  isRequired: '必须填写',
  leftOutBesideId: '给出 serverId 时必须省略',
  mostStreams: '您打开了 {{number}} 个数据流，而此处每人最多 {{most}} 个：请关闭一个页面或正在跟踪的程序。',
  nameStays: '不能更改：它出现在地址中；请改为更改 displayName',
} satisfies Partial<Record<ReasonCode, string>>;
