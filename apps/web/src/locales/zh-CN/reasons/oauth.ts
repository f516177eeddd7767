import type { ReasonCode } from '@switchboard/core/calls/schema';

/** What is said of clients that sign in over OAuth. */
export const oauth = {
  grantEnded: 'OAuth 令牌无效或已过期。请刷新令牌，或重新登录。',
  grantOnlyMcp: '此令牌只能打开它所授予的 MCP 端点，不能用于本服务的其他部分。',
  mostGrants: '您已允许 {{number}} 个客户端连接，每人最多 {{most}} 个：请先断开一个，再允许新的客户端。',
  noGrant: '已连接的客户端“{{id}}”不存在。',
  noOauthRequest: '此请求已过期或已被处理。请在要连接的程序中重新开始。',
  oauthNoEndpoint:
    '没有服务器或群组“{{name}}”，或者您看不到它：无法允许程序连接到那里。请在程序中更正地址，然后重新开始。',
  oauthOfAccount: '此请求是向另一个账户显示的。请重新加载页面，并以页面所示的账户处理。',
  oauthOfBrowser: '此请求是在另一个浏览器中发起的。请在要连接的程序中重新开始，并在此处处理。',
  oauthOtherEndpoint: '此客户端获准使用的是另一个端点。',
  oauthOutside: '“{{name}}”不在此端点上：将没有任何可用内容',
  oauthScopeNotAsked: '未请求“{{scope}}”',
} satisfies Partial<Record<ReasonCode, string>>;
