/** The sentences about webhooks. */
export const webhookSentences = {
  noDelivery: "There is no delivery '{{id}}'; deliveries are kept for 14 days.",
  noSuchWebhook: "There is no webhook '{{id}}'.",
  webhookLost: 'The hub was stopped during every attempt to deliver it.',
  webhookNotTold: 'A webhook delivery failed: {{reason}}',
  webhookOff: 'The webhook was switched off before it was told.',
  webhookRefused: 'It answered {{status}}; 200 to 299 was expected, and redirects are not followed.',
  webhooksFull: 'There are {{count}} webhooks, as many as there may be: remove one first.',
} as const;
