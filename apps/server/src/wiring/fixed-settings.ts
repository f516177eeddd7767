/** Settings of the running hub that a variable of its environment holds where it is set. */
const variables: Readonly<Record<string, string>> = {
  'registration.allowed': 'ALLOW_REGISTRATION',
  'logging.level': 'LOG_LEVEL',
  'limits.serversPerPerson': 'MAX_SERVERS_PER_PERSON',
  'limits.keysPerPerson': 'MAX_KEYS_PER_PERSON',
};

/** The settings that are fixed, by path with the variable's name. */
export function fixedBy(given: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(variables).filter(([, name]) => given[name] !== undefined));
}
