/** The sentences about the configuration. */
export const configurationSentences = {
  notPostedTo: 'cannot be posted to: {{reason}}',
  passwordAgain:
    'must be given again, or be null: the stored password is for the mail server as it was set, with no other host or port and no less TLS',
  setByVariable: 'is set by the environment variable {{variable}}: change it there, or unset it and start again',
} as const;
