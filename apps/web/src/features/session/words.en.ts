export const words = {
  signIn: {
    action: 'Sign in',
    code: 'Code',
    codeFailedHint: 'Codes change every 30 seconds and work once. A recovery code works too.',
    codeHint: 'The six digits of your authenticator app, or a recovery code.',
    failedHint: 'Check the spelling, and that Caps Lock is off.',
    firstTime: 'First time here? The admin’s password is in the file {{file}} in the data directory.',
    lead: 'to {{instance}}',
    otherAccount: 'Back to the password',
    title: 'Sign in',
  },
  password: {
    forcedAction: 'Set the password',
    forcedLead: 'An admin set your password. Choose one of your own to continue.',
    forcedTitle: 'Choose a new password',
  },
  register: {
    action: 'Create the account',
    instead: 'I have an account: sign in',
    lead: 'at {{instance}}',
    offer: 'No account yet? Create one',
    title: 'Create an account',
  },
};
