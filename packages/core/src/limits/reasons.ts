/** The sentences about limits. */
export const limitSentences = {
  mostStreams:
    'You have {{number}} streams open, and this hub allows {{most}} a person: close a page or a program that follows.',
  tooManyRegistered: 'Too many accounts were registered from your address. Try again later.',
} as const;
