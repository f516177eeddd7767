/** The sentences about networks. */
export const networkSentences = {
  driverReachesHost: "Nothing was made. The network driver {{driver}} reaches the host's own network (host-network).",
  noNetwork: 'There is no network "{{network}}".',
  subnetChangesHost:
    'Nothing was made. The subnet {{subnet}} changes where the host sends its packets: leave it to the engine (host-network).',
} as const;
