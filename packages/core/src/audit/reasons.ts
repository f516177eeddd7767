/** The sentences about the audit log. */
export const auditSentences = {
  noAuditEntry: "There is no audit entry '{{id}}'.",
  notACursor: 'must be the nextCursor of the page before',
} as const;
