/** What is said of credentials of one's own. */
export const slotSentences = {
  noPersonForSlots: "Credentials of one's own belong to a person: sign in first.",
  noSlot: "The server '{{id}}' has no slot '{{name}}'.",
  slotControl: 'must not hold control characters besides tabs and ends of lines',
  slotDots: "must not be '.' or '..': it stands in the address of the server",
  slotHeader: 'must be one line of characters that a header can hold: it stands in a header',
  slotsFirst:
    'The server has slots, so it starts only with credentials of a person: save it, fill in yours, then test it.',
} as const;
