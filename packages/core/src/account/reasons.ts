/** The sentences about one's own account. */
export const accountSentences = {
  anotherPassword: 'must be another one',
  beginWithApp: 'Set up the authenticator app first.',
  codeOfAppWrong: 'is wrong: look at the app again, and at its clock',
  hasFactor: 'This account has a second factor: remove it before you set up another.',
  noFactor: 'This account has no second factor.',
  noSession: "Session '{{id}}' does not exist.",
  noSelf: 'You are here without an account: sign in with one first.',
  passwordWrong: 'is wrong',
} as const;
