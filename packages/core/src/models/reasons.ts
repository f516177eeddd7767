/** The sentences about models and their use. */
export const modelSentences = {
  budgetOfKeySpent:
    'The budget of this API key for models is spent: {{used}} {{period}}, running turns included. It is renewed {{next}} (UTC).',
  budgetSpent:
    'Your budget for models is spent: {{used}} {{period}}, running turns included. It is renewed {{next}} (UTC).',
  groupNotSeen: "'{{group}}' does not exist, or you do not see it",
  keepsNoKey: "'***' keeps a stored key, and none is stored: give the key itself",
  keepsNoValue: "'***' keeps a stored value, and none is stored: give the value itself",
  modelBuiltIn: 'This model is built in: it can be neither changed nor removed.',
  modelExists: "A model called '{{name}}' exists already; choose another name.",
  modelNameBuiltIn: "'{{name}}' is the name of the built-in model; choose another name.",
  modelNotYours: 'Only its owner and admins may change a model.',
  modelSecretsElsewhere:
    "This change could send the secrets of '{{name}}' elsewhere, so give its API key and headers again, or let a person make the change.",
  modelsFull: 'You have {{count}} models, as many as a person may: remove one before you add another.',
  moneyOf: '{{spent}} of {{most}}',
  nextMonth: 'next month',
  noModel: "Model '{{name}}' does not exist.",
  speaksToNoModels: 'This process has no access to models.',
  thisMonth: 'this month',
  today: 'today',
  tokensOf: '{{spent}} of {{most}} tokens',
  tomorrow: 'tomorrow',
} as const;
