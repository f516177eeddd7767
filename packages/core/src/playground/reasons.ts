/** The sentences about the playground. */
export const playgroundSentences = {
  mostHeld: '{{number}} of your runs wait to be opened; open them first.',
  mostHeldSize: 'Your runs that wait to be opened would hold more than {{size}} MB; open them first, or send less.',
  nothingHeld: 'Nothing is held under this id any more: hold the run again.',
  noUsableServer: 'There is no server "{{id}}" that you may use.',
} as const;
