/** What alerts say, and what is said of their rules. */
export const alertSentences = {
  alertCallsStopped: "Nobody has called '{{server}}' for {{minutes}} minutes; before that, it was called.",
  alertDatabaseAway: 'The database was away for {{seconds}} seconds.',
  alertDiskSpace: '{{percent}} % of the disk that holds the data of the hub is free.',
  alertErrorRate: "{{percent}} % of {{count}} calls of '{{server}}' failed in the last {{minutes}} minutes.",
  alertJobsFailing: 'Jobs failed every try and were set aside: {{count}} ({{types}}).',
  alertKeyExpires: "The API key '{{key}}' of {{person}} expires in {{days}} days.",
  alertServerFails: "'{{server}}' does not run.",
  alertServerFlaps: "'{{server}}' failed {{count}} times in the last {{minutes}} minutes.",
  alertSlowCalls: "Calls of '{{server}}' are slow: 5 % took more than {{ms}} ms in the last {{minutes}} minutes.",
  alertToolsChanged: "'{{server}}' changed definitions of its tools: {{tools}}",
  kindTakesNoServer: "Rules of the kind '{{kind}}' are about the whole hub: leave the server out.",
  noAlert: "The alert '{{id}}' does not exist.",
  noAlertRule: "The alert rule '{{id}}' does not exist.",
  shippedRuleStays: 'This rule came with the hub and cannot be removed; switch it off.',
  thresholdOf: 'must be a number from {{least}} to {{most}}',
  thresholdOfNone: "must be left out: rules of the kind '{{kind}}' have none",
} as const;
