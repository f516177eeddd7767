/** The sentences about simulated products. */
export const appSentences = {
  appExists: "An app '{{category}}/{{name}}' exists already; choose another name.",
  appNotYours: 'Only its owner and admins may change an app.',
  appsFull: 'You have {{count}} apps, as many as a person may: remove one before you add another.',
  appTokensFull: 'You have {{count}} tokens, as many as a person may: remove one before you add another.',
  categoryReserved: "'{{category}}' is a reserved word; choose another category.",
  noApp: "App '{{app}}' does not exist.",
  noAppList: 'The file has no list of apps, as an export has it.',
  noAppToken: "Token '{{token}}' does not exist.",
  noPrompt: "Template '{{prompt}}' does not exist.",
  noSnapshot: "The token has no snapshot '{{name}}'.",
  pairsFull: 'An app may have {{most}} recorded calls: remove some first.',
  productReserved: "'{{name}}' is a reserved word; choose another name.",
  snapshotsFull: 'The token has {{count}} snapshots, as many as it may: remove one first.',
  tooManyApps: 'The file has more than {{most}} apps.',
  appShown: "The hub shows this app already, as the server '{{server}}'.",
} as const;
