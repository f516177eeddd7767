/** The sentences about versions. */
export const versionSentences = {
  alsoGone: '; {{reason}}{{more}}',
  cannotRestore: 'Version {{number}} cannot be restored: {{reason}}{{more}}.',
  noVersionKept: 'There is no version {{number}}; of each {{kind}} the newest {{most}} are kept.',
} as const;
