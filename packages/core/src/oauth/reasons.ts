/** Sentences about OAuth clients and their grants. */
export const oauthSentences = {
  grantOnlyMcp: 'This token opens the MCP endpoint that it was given for, and nothing else of the hub.',
  grantEnded: 'The OAuth token is not valid or has expired. Refresh it, or sign in again.',
  mostGrants:
    'You let {{number}} clients in, and a person can have {{most}}: disconnect one before you let another in.',
  noGrant: "The connected client '{{id}}' does not exist.",
  oauthNoEndpoint:
    "There is no server or group '{{name}}', or you do not see it: no program can be let in there. Correct the address in the program, and begin again.",
  noOauthRequest: 'This request has expired or was answered. Begin again in the program that wants to connect.',
  oauthOfAccount:
    'This request was shown to another account. Load the page again, and answer as the account that it shows.',
  oauthOfBrowser:
    'This request was begun in another browser. Begin again in the program that wants to connect, and answer here.',
  oauthOtherEndpoint: 'The client was let in at another endpoint.',
  oauthOutside: "'{{name}}' is not at this endpoint: nothing would be left of it",
  oauthScopeNotAsked: "'{{scope}}' was not asked for",
} as const;
