/** What is said of the file of the whole configuration. */
export const configFileSentences = {
  fileChanged: 'Something changed since the plan was made: look at the new plan, and apply that.',
  fileEntry: 'must be an object',
  fileKeyTwice: 'stands there twice',
  fileOfVersion: 'must be 1, the version of this file',
  fileRefused: '{{number}} entries of the file cannot be applied, so nothing was: {{place}}: {{reason}}',
  fileSection: 'is no section; there are {{names}}',
  noUserCalled: "there is no user called '{{name}}'",
  othersChange: 'Others are changing things at this moment: try again.',
  promptUnknown: 'this hub has no such prompt',
  secretNeeded: 'cannot be made without {{field}}, which the file has not',
} as const;
