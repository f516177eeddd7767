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
  keyIsName: "must be the name under which the entry stands; this one would stand under '{{name}}'",
  nameInFile: 'cannot change in a file, whose entries go by it',
  noUserCalled: "there is no user called '{{name}}'",
  othersChange: 'Others are changing things at this moment: try again.',
  promptUnknown: 'this hub has no such prompt',
  secretNeeded: 'cannot be made without {{field}}, which the file has not',
} as const;
