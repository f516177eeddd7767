/** Of conversations with models. */
export const words = {
  family: 'Conversations',
} as const;
