/** The sentences about the configuration file. */
export const configFileSentences = {
  fileChanged: 'Something changed since the plan was made: look at the new plan, and apply that.',
  fileEntries: 'has more than {{most}} entries: take it in parts, by sections',
  fileEntry: 'must be an object',
  fileInUse: 'Another file is planned or applied at this moment: try again when that has ended.',
  fileKeyTwice: 'stands there twice',
  fileOfVersion: 'must be 1, the version of this file',
  fileRefused: '{{number}} entries of the file cannot be applied, so nothing was: {{place}}: {{reason}}',
  fileSection: 'is no section; there are {{names}}',
  fileTakesLong: 'The file takes too long: take it in parts, by sections.',
  keyIsName: "must be the key of the entry, which would be '{{name}}'",
  nameInFile: 'cannot change in a file, because it identifies the entry',
  noUserCalled: "there is no user called '{{name}}'",
  othersChange: 'Other changes are being made at this moment: try again.',
  promptUnknown: 'this hub has no such prompt',
  secretNeeded: 'cannot be created without {{field}}, which the file does not have',
} as const;
