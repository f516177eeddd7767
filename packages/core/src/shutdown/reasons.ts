/** The sentences about stopping the hub. */
export const shutdownSentences = {
  shutdownNotAllowed: 'This hub is not stopped over HTTP: that needs ALLOW_SHUTDOWN=true in its settings.',
} as const;
