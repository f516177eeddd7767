/** The sentences about messages that cannot be delivered. */
export const notificationSentences = {
  mailConnect: 'The mail server {{host}}:{{port}} does not answer: {{said}}',
  mailTls: 'No TLS with the mail server {{host}}: {{said}}',
  mailSignIn: 'The mail server {{host}} refuses the user or password: {{said}}',
  mailSender: 'The mail server {{host}} refuses the sender {{from}}: {{said}}',
  mailRecipients: 'The mail server {{host}} refuses the recipients: {{said}}',
  mailMessage: 'The mail server {{host}} did not take the message: {{said}}',
  noMailServer: 'There is no mail server: set smtp.host.',
  noMailSender: 'The mail has no sender: set smtp.from.',
  noMailRecipients: 'The mail has no recipients: set notifications.emailTo, or give an admin an address.',
  noSlackUrl: 'There is no address to post to: set notifications.slackUrl.',
  noWebhook: 'There is no address to post to: set notifications.webhook.',
  postAnswers: '{{host}} answers {{status}}.',
  postFailed: '{{host}} cannot be posted to: {{said}}',
} as const;
