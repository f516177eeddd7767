/** The sentences about stacks. */
export const stackSentences = {
  aLine: 'A line',
  composeFailed: 'Compose failed.',
  envAround: 'The text around a *** changes what it stands for: write the values. Nothing was kept.',
  envBeside:
    '{{name}} holds *** beside other text: leave *** alone on its line to keep the value, or write the whole value. Nothing was kept.',
  envNoValue:
    '{{name}} holds ***, which keeps a value, but no value is kept under this name: write the value. Nothing was kept.',
  envSeveral:
    '{{name}} stands there several times, and not as often as before, so *** does not tell which value is meant: write the values. Nothing was kept.',
  fileUnread: 'the file it was started from cannot be read here: give its content',
  folderHolds: '"{{folder}}" holds something already that may not be yours: give another path.',
  folderOfStack: '"{{folder}}" holds the stack of "{{file}}": give each stack a folder of its own.',
  folderTaken: '"{{folder}}" is taken by somebody: give another path.',
  folderWithin: '"{{folder}}" lies in the folder of another stack, or around it: give another path.',
  goneEngine: 'the engine "{{name}}" is not there any more',
  goneValues: 'the environment file has no value for {{names}}: add it there first',
  isStackAlready: '"{{project}}" is a stack already: give another path.',
  keepsName:
    'This stack is the project "{{project}}" and keeps that name: write it instead of "{{name}}", or leave the name out.',
  keptAlready: '"{{project}}" is kept here already.',
  noService: 'The stack has no service "{{service}}".',
  noStack: 'There is no stack "{{id}}".',
  onlyOneNamed:
    '"{{service}}" names its container (container_name), and only one can have that name: take it out to have more.',
  projectElsewhere: '"{{project}}" is a project on the engine that is not kept here: adopt it, or choose another name.',
  projectOf: '"{{project}}" is the name of the project of {{whose}}: write another name.',
  somebody: 'somebody',
  stackNameTaken: '"{{project}}" is the name of a stack already.',
  stackNotStored: '"{{project}}" could not be stored.',
  stackRemoved: 'The stack "{{project}}" was removed while this ran.',
  takenByYours: '"{{project}}" is taken by a stack of yours: give another path.',
  theStack: 'the stack "{{name}}"',
  versionOfEngine: 'Version {{number}} is of the engine "{{engine}}".',
} as const;
