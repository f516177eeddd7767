import type { ReasonCode } from '@switchboard/core/calls/schema';

/** What is said of webhooks. */
export const webhooks = {
  noDelivery: '没有投递记录“{{id}}”；投递记录保留 14 天。',
  noSuchWebhook: '没有 Webhook“{{id}}”。',
  webhookLost: '本服务在投递过程中一再被终止。',
  webhookNotTold: 'Webhook 未能送达：{{reason}}',
  webhookOff: '该 Webhook 在送达之前已被关闭。',
  webhookRefused: '对方应答了 {{status}}；应为 200 到 299，且不跟随重定向。',
  webhooksFull: '已有 {{count}} 个 Webhook，达到上限：请先删除一个。',
} satisfies Partial<Record<ReasonCode, string>>;
