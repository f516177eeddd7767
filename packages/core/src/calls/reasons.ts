/** The sentences about calls. */
export const callSentences = {
  callCancelled: "The call to '{{id}}' was cancelled.",
  noCall: "Call '{{id}}' does not exist.",
  none: 'none',
  noTool: "Tool '{{name}}' does not exist.",
  noToolAt: "Server '{{id}}' has no tool '{{tool}}'. It has: {{names}}.",
  ofServerQuoted: "Server '{{id}}': {{reason}}",
  toolOff: "Tool '{{tool}}' of server '{{id}}' is switched off.",
} as const;
