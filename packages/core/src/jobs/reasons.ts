/** The sentences about jobs. */
export const jobSentences = {
  inputTooLong: 'has more than {{most}} characters; give an id of what the job is about',
  jobWaits: "Another job of the type '{{type}}' waits or runs already: retry this one when it is done, or drop it.",
  noJob: "The job set aside '{{id}}' does not exist.",
} as const;
