import type { ReasonCode } from '@switchboard/core/calls/schema';

/** What alerts say, and what is said of their rules. */
export const alerts = {
  alertCallsStopped: '“{{server}}”已有 {{minutes}} 分钟无人调用，而此前有调用。',
  alertCertificateExpires: '“{{server}}”的证书将在 {{days}} 天后过期。',
  alertDatabaseAway: '数据库曾有 {{seconds}} 秒不可用。',
  alertDiskSpace: '存放本服务数据的磁盘只剩 {{percent}}% 可用空间。',
  alertErrorRate: '最近 {{minutes}} 分钟内，“{{server}}”的 {{count}} 次调用中有 {{percent}}% 失败。',
  alertJobsFailing: '有任务每次尝试都失败，已被搁置：{{count}} 个（{{types}}）。',
  alertKeyExpires: '{{person}} 的 API 密钥“{{key}}”将在 {{days}} 天后过期。',
  alertServerFails: '“{{server}}”没有运行。',
  alertServerFlaps: '“{{server}}”在最近 {{minutes}} 分钟内失败了 {{count}} 次。',
  alertSignInExpires: '“{{server}}”的共享登录无法刷新，将在 {{days}} 天后过期。',
  alertSlowCalls: '“{{server}}”的调用很慢：最近 {{minutes}} 分钟内有 5% 超过 {{ms}} 毫秒。',
  alertToolsChanged: '“{{server}}”更改了工具的定义：{{tools}}',
  forWithinWindow: '必须小于规则回看的 {{minutes}} 分钟',
  kindTakesNoServer: '“{{kind}}”类规则针对整个服务：请不要指定服务器。',
  noAlert: '警报“{{id}}”不存在。',
  noAlertRule: '警报规则“{{id}}”不存在。',
  shippedRuleStays: '此规则是随服务提供的，不能删除；请将其停用。',
  thresholdOf: '必须是 {{least}} 到 {{most}} 之间的数字',
  thresholdOfNone: '必须留空：“{{kind}}”类规则没有阈值',
} as const satisfies Partial<Record<ReasonCode, string>>;
