export const httpHints = {
  httpHint: {
    forbidden:
      'Look at the credentials in the headers: the server knows them, and they may not do this, or it wants others.',
    itsFault: 'The fault lies with that server: its own log says why.',
    tooMany: 'It takes no more requests for now: wait a while, or ask its operator for a higher limit.',
  },
};
