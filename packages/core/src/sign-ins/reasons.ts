/** What is said of signing in to servers of others. */
export const signInSentences = {
  noSignIns: 'This hub signs in to no servers.',
  signInBroke: 'Something went wrong in the hub while it signed in. Its log tells more.',
  signInByHub: "The hub signs in to '{{id}}' by itself.",
  signInElsewhere: 'The server has another authorization server now: sign in there.',
  signInMeanwhile: 'The server was changed while you signed in. Look at where it is now, and sign in again.',
  signInNotRemote: "'{{id}}' is no remote server: there is nothing to sign in to.",
  signInOver: 'The sign-in is over: sign in again.',
  signInStale:
    'This answer belongs to no sign-in that you began here, or to one that is over. Go back to the page of the server and sign in from there.',
} as const;
