/** Words that columns may hold, each list written once: for the tables here and for the schemas of the core. */
export const roles = ['admin', 'manager', 'user', 'viewer'] as const;

export const serverKinds = ['stdio', 'sse', 'streamable-http', 'container', 'app', 'generated', 'graph'] as const;
export const isolations = ['session', 'user', 'shared'] as const;
export const desiredStates = ['disabled', 'stopped', 'on'] as const;
export const visibilities = ['private', 'group', 'everyone'] as const;
export const recordings = ['none', 'errors', 'arguments', 'all'] as const;
export const accounts = ['shared', 'own'] as const;
export const itemTypes = ['tool', 'prompt', 'resource', 'template'] as const;

export const memberRoles = ['member', 'manager'] as const;
export const memberStatuses = ['active', 'pending'] as const;

/** How a client of the authorization server became known. */
export const oauthClientKinds = ['registered', 'metadata-document', 'machine'] as const;

export const callOutcomes = ['ok', 'tool_error', 'error', 'cancelled', 'timeout'] as const;

export const modelProtocols = ['openai', 'anthropic'] as const;
export const toolProtocols = ['native', 'tool_action'] as const;
export const modelWays = ['test', 'v1', 'chat', 'graph', 'generation', 'simulator', 'claude'] as const;
export const modelTurnOutcomes = ['ok', 'error', 'cancelled'] as const;
export const budgetPeriods = ['day', 'month'] as const;
export const budgetMeasures = ['tokens', 'money'] as const;

export const claudeStates = ['processing', 'completed', 'failed'] as const;

/** `agent`: a model makes something in it; `graph`: a run of a graph. */
export const conversationKinds = ['chat', 'agent', 'graph'] as const;
/** The kinds of objects that a model makes in a conversation. */
export const generationTypes = ['graph', 'tool'] as const;
export const conversationStatuses = ['active', 'deleted', 'favorite'] as const;
/** The author of a conversation's title. */
export const titledBy = ['nobody', 'model', 'person'] as const;

export const agentRunKinds = ['chat', 'graph', 'generation', 'background'] as const;
export const agentRunStates = ['queued', 'running', 'waiting', 'done', 'failed', 'cancelled'] as const;
/** `node`: one visit of a node of a graph, with what it was asked and what it came to. `ask`: a question to a person. */
export const agentStepKinds = ['turn', 'tool', 'node', 'ask'] as const;
/** `cut`: it ended early, and the part so far is kept. */
export const agentStepStates = ['started', 'done', 'cut'] as const;

export const toolRuleScopes = ['person', 'conversation', 'group'] as const;
export const toolVerdicts = ['allow', 'ask', 'deny'] as const;

/** Of simulated products. */
export const appVisibilities = ['private', 'everyone'] as const;
export const faultProfiles = ['flaky', 'slow', 'down', 'rate-limited'] as const;
export const appLogKinds = ['operation', 'call'] as const;

/** By what calls and turns of models are counted apart. */
export const seriesDimensions = ['all', 'server', 'tool', 'group', 'key', 'user', 'model'] as const;
export const gaugeNames = ['cpu', 'memory', 'sessions', 'instances'] as const;

export const alertKinds = [
  'server-failing',
  'server-flapping',
  'error-rate',
  'slow-calls',
  'no-calls',
  'tools-changed',
  'disk-space',
  'database-away',
  'jobs-failing',
  'key-expiring',
  'certificate-expiring',
  'sign-in-expiring',
] as const;
export const alertSeverities = ['info', 'warning', 'critical'] as const;
/** `pending`: so for less time than the rule wants. */
export const alertStates = ['pending', 'firing', 'resolved'] as const;
/** The states of a delivery: `failed` after the last try. */
export const deliveryStates = ['waiting', 'delivered', 'failed'] as const;

/** Where the hub's client id at an authorization server comes from: its owner, its document, or a registration. */
export const upstreamClientKinds = ['given', 'document', 'registered'] as const;

/** Who signs in to a remote server: each person, one for everybody, or the hub with credentials of its own. */
export const signInWays = ['person', 'shared', 'hub'] as const;

/** When a remote server asked for a sign-in: before it was open at all, or at some calls. */
export const signInMoments = ['start', 'call'] as const;
