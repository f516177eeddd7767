/** What each person gives of their own. */
export const slots = {
  title: "Credentials of each person's own",
  hint: 'Each person fills these in once. Write ${user:NAME} where the server gets one: in values of environment variables and headers, and in path and query of the URL. Instances then belong to people.',
  add: 'Add one',
  name: 'Name of credential {{number}}',
  label: 'What people read of credential {{number}}',
  labelExample: 'Access token',
  description: 'Where people get credential {{number}}',
  descriptionExample: 'Where people get it, for example: your profile, Settings, Tokens',
  secret: 'Credential {{number}} is secret',
  remove: 'Remove credential {{number}}',
  yours: 'It takes credentials of your own',
  missing: 'It waits for credentials of your own: {{names}}',
  filled: 'You filled in all of them. Only your own calls use them.',
  needed: 'Needs your credentials',
  open: 'Your credentials',
};
