/** The sentences about the configuration. */
export const configurationSentences = {
  notPostedTo: 'cannot be posted to: {{reason}}',
  passwordAgain:
    'must be given again, or be null: the stored password is only sent to the mail server it was set for, with the same host and port and at least the same TLS',
  setByVariable: 'is set by the environment variable {{variable}}: change it there, or unset it and start again',
} as const;
