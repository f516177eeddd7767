/** The sentences about figures over time. */
export const monitoringSentences = {
  metricNot: '{{metric}} {{reason}}',
  modelAlone: 'the use of a model is counted for that model only: give no other filter with it',
  notCountedBy: 'is counted for {{counted}} only, and not by {{filter}}',
  onlyWithinRecords:
    'figures by several filters at once are read from the calls themselves, which are kept {{days}} days: ask for less time, or with one filter',
  orderOfTimes: 'must be before the end',
  tooManyRecords: 'there are too many calls to read for several filters at once: ask for less time, or with one filter',
  wholeHub: 'the whole hub',
  wholeHubOrServer: 'the whole hub, server',
} as const;
