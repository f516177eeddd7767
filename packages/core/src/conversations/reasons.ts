/** The sentences about conversations. */
export const conversationSentences = {
  answerRefused: 'The answer was given up.',
  cannotSample: 'No model of the hub can answer that: {{why}}',
  conversationOfRun: 'This is a run of a graph, which takes no messages. Run the graph again instead.',
  conversationOfGeneration:
    'A model makes a graph or a tool in this conversation: continue that, or start a new conversation.',
  conversationBusy: 'This conversation is answered already: wait for the end, or stop it.',
  conversationFull: 'This conversation has {{count}} rounds, as many as one may have: begin a new one.',
  conversationNotYours: 'This conversation is shared with you to read; only its owner may change it.',
  conversationsNotRead:
    'Admins do not read conversations of others on this hub. The setting “Conversations” can let them; each reading is then recorded.',
  conversationRemoved: 'The conversation was removed.',
  conversationsFull:
    'You have {{count}} conversations, as many as a person may: remove some for good before you begin another.',
  nothingToCompact: 'Nothing has been said in this conversation that could be compacted.',
  presetsFull: 'You have {{count}} presets, as many as a person may: delete one before you save another.',
  notThatImage: "'{{name}}' is no PNG, JPEG, GIF or WebP image as a data URL",
  noConversation: "Conversation '{{id}}' does not exist.",
  noRound: "There is no round '{{id}}' in this conversation.",
  resourceNoText: "'{{uri}}' holds no text.",
  roundNotCut: 'This answer is complete: there is nothing to continue.',
  titleEmpty: 'must not be empty',
  userIdNotYours: "'{{id}}' is somebody else: give your own id or user name, or leave it out.",
} as const;
