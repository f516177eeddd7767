/** What is said of the trail. */
export const auditSentences = {
  noAuditEntry: "There is no audit entry '{{id}}'.",
  notACursor: 'must be the nextCursor of the page before',
} as const;
