/** What is said of the configuration. */
export const configurationSentences = {
  notPostedTo: 'cannot be posted to: {{reason}}',
  setByVariable: 'is set by the environment variable {{variable}}: change it there, or unset it and start again',
} as const;
