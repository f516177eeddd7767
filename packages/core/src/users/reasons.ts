/** The sentences about accounts. */
export const userSentences = {
  isTaken: 'is taken',
  lastAdmin: 'This is the last admin: make another user an admin first.',
  notOwnRole: 'You cannot take your own role or account away: let another admin do it.',
  notYourself: 'You cannot remove yourself: let another admin do it.',
  noUser: "User '{{id}}' does not exist.",
  passwordIsName: 'must not be the user name',
  passwordNeedsCurrent: 'is changed with the current one: send currentPassword too, or change it in your account',
  registrationClosed: 'Registration is closed here: ask an admin for an account.',
  userNameTaken: "The user name '{{name}}' is taken.",
} as const;
