/** The sentences about frames. */
export const frameSentences = {
  frameTooLarge: 'The interface of the server is larger than {{size}} MB.',
  mostFrames: '{{number}} of your frames wait to be shown; show them first.',
  mostFramesSize: 'Your frames that wait to be shown would hold more than {{size}} MB; show them first.',
  noFrame: 'Nothing is held under this id any more: open it again.',
  noInterface: "The server '{{id}}' gave no HTML under {{uri}}.",
} as const;
