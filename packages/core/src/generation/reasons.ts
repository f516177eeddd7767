/** The sentences about graphs and tools that models make. */
export const generationSentences = {
  generationIncomplete: 'Something is missing before this is whole: {{fields}}.',
  generationOfOther: 'Another graph, or a new one, is made in this conversation: begin a new conversation.',
  generationUnfit: 'What the model made is no graph: {{problem}}',
  noGraphMade: 'No graph is made in this conversation.',
  noToolMade: 'No tool is made in this conversation.',
} as const;
