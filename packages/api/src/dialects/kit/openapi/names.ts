/** Tag, singular and plural of what the routes of a resource are about. */
const resources: Record<string, readonly [tag: string, singular: string, plural: string]> = {
  'containers.auth': ['Accounts', 'Account', 'Accounts'],
  'containers.containers': ['Containers', 'Container', 'Containers'],
  'containers.compose': ['Compose', 'Compose', 'Compose'],
  'containers.claude': ['Claude', 'Claude', 'Claude'],
  'hub.servers': ['Servers', 'Server', 'Servers'],
  'hub.users': ['Users', 'User', 'Users'],
  'hub.groups': ['Groups', 'Group', 'Groups'],
  'hub.members': ['Groups', 'GroupMember', 'GroupMembers'],
  'hub.groupServers': ['Groups', 'GroupServer', 'GroupServers'],
  'hub.auth': ['Sign-in', '', ''],
  'hub.mfa': ['Sign-in', 'SecondFactor', 'SecondFactors'],
  'hub.keys': ['API keys', 'ApiKey', 'ApiKeys'],
  'hub.monitoring': ['Monitoring', 'Monitoring', 'Monitoring'],
  'hub.alerts': ['Monitoring', 'Alert', 'Alerts'],
  'hub.config': ['Configuration', 'Config', 'Config'],
  'hub.audit': ['Audit', 'Audit', 'Audit'],
  'hub.jobs': ['Jobs', 'Job', 'Jobs'],
  'agents.chat': ['Chat', 'Chat', 'Chats'],
  'agents.conversations': ['Chat', 'Conversation', 'Conversations'],
  'agents.mcp': ['MCP servers', 'McpServer', 'McpServers'],
  'agents.graphs': ['Graphs', 'Graph', 'Graphs'],
  'agents.models': ['Models', 'Model', 'Models'],
  'agents.system': ['System', '', ''],
  'openai.models': ['OpenAI', 'ChatModel', 'ChatModels'],
  'openai.chat': ['OpenAI', 'Chat', 'Chats'],
  'simulator.auth': ['Simulator', 'Manager', 'Managers'],
  'simulator.apps': ['Simulator', 'App', 'Apps'],
  'simulator.tokens': ['Simulator', 'AppToken', 'AppTokens'],
  'simulator.prompts': ['Simulator', 'AppPrompt', 'AppPrompts'],
  'simulator.llm': ['Simulator', 'AppModel', 'AppModels'],
  'simulator.logs': ['Simulator', 'AppLog', 'AppLogs'],
  'registry.servers': ['MCP registry', 'RegisteredServer', 'RegisteredServers'],
  'registry.tools': ['MCP registry', 'Tool', 'Tools'],
  'registry.monitoring': ['MCP registry', 'Registry', 'Registry'],
};

/** Names of routes that verb and resource do not give in plain words. */
const plainNames: Readonly<Record<string, string>> = {
  'agents.chat.complete': 'askModel',
  'agents.conversations.status': 'setConversationStatus',
  'agents.conversations.title': 'renameConversation',
  'agents.conversations.tags': 'tagConversation',
  'agents.conversations.compact': 'compactConversation',
  'agents.mcp.config': 'getMcpConfig',
  'agents.mcp.replace': 'setMcpConfig',
  'agents.mcp.add': 'addMcpServers',
  'agents.mcp.remove': 'removeMcpServers',
  'agents.mcp.status': 'getMcpStatus',
  'agents.mcp.tools': 'listMcpTools',
  'agents.mcp.connect': 'startMcpServer',
  'agents.mcp.disconnect': 'stopMcpServer',
  'agents.mcp.testTool': 'callMcpTool',
  'agents.mcp.register': 'createGeneratedTool',
  'agents.mcp.generated': 'listGeneratedTools',
  'agents.graphs.readme': 'getGraphReadme',
  'agents.graphs.save': 'createGraph',
  'agents.graphs.rename': 'renameGraph',
  'agents.graphs.script': 'getGraphScript',
  'agents.graphs.execute': 'startGraph',
  'agents.system.shutDown': 'stopHub',
  'agents.graphs.template': 'getGraphPrompt',
  'agents.graphs.changeTemplate': 'getGraphChangePrompt',
  'agents.graphs.generate': 'askForGraph',
  'agents.mcp.template': 'getToolPrompt',
  'agents.mcp.generate': 'askForTool',
  'containers.auth.token': 'getToken',
  'containers.auth.me': 'getOwnAccount',
  'containers.containers.logs': 'getContainerLogs',
  'containers.containers.stats': 'getContainerStats',
  'containers.containers.file': 'downloadContainerFile',
  'containers.containers.archive': 'downloadContainerArchive',
  'containers.compose.up': 'deployStack',
  'containers.compose.down': 'stopStack',
  'containers.compose.status': 'getStackStatus',
  'containers.claude.config': 'getClaudeConfig',
  'containers.claude.chat': 'askClaude',
  'containers.claude.chatLater': 'askClaudeLater',
  'containers.claude.result': 'getClaudeAnswer',
  'hub.auth.login': 'signIn',
  'hub.auth.refresh': 'refreshTokens',
  'hub.auth.logout': 'signOut',
  'hub.auth.verify': 'verifyCredentials',
  'hub.servers.logs': 'getServerLogs',
  'hub.members.change': 'updateGroupMember',
  'hub.groupServers.change': 'updateGroupServer',
  'hub.monitoring.status': 'getSystemStatus',
  'hub.monitoring.logs': 'getLogs',
  'hub.config.reset': 'removeConfig',
  'hub.config.test': 'checkConfig',
  'hub.monitoring.metrics': 'getMetrics',
  'hub.monitoring.serverHealth': 'getServersHealth',
  'hub.monitoring.throughput': 'getThroughput',
  'hub.monitoring.health': 'getHubHealth',
  'hub.monitoring.dashboard': 'getDashboard',
  'hub.audit.logs': 'listAuditEntries',
  'openai.chat.complete': 'completeChat',
  'simulator.auth.login': 'signInToSimulator',
  'simulator.auth.logout': 'signOutOfSimulator',
  'simulator.auth.changePassword': 'changePassword',
  'simulator.tokens.apps': 'listAppsOfToken',
  'simulator.tokens.setApps': 'setAppsOfToken',
  'simulator.apps.patch': 'changeApp',
  'simulator.llm.save': 'setAppModel',
  'simulator.llm.test': 'checkAppModel',
  'simulator.logs.clear': 'removeAppLogs',
  'registry.servers.register': 'registerServer',
  'registry.servers.remove': 'unregisterServer',
  'registry.servers.status': 'getRegisteredServerStatus',
  'registry.servers.tools': 'listRegisteredServerTools',
  'registry.tools.callOnServer': 'callServerTool',
  'registry.tools.callAnywhere': 'callTool',
  'registry.monitoring.statistics': 'getStatistics',
  'registry.monitoring.health': 'getHealth',
};

/** Every tag with what its routes are about, in the order in which the page shows them. */
export const tags = [
  { name: 'Sign-in', description: 'Hub API: tokens, and the second factor' },
  { name: 'Servers', description: 'Hub API: MCP servers, their lives and their logs' },
  { name: 'Users', description: 'Hub API: accounts, their roles and grants' },
  { name: 'Groups', description: 'Hub API: who may use which servers together' },
  { name: 'API keys', description: 'Hub API: credentials of programs' },
  { name: 'Monitoring', description: 'Hub API: how the hub and its servers are' },
  { name: 'Configuration', description: 'Hub API: what can be set while the hub runs' },
  { name: 'Audit', description: 'Hub API: who changed and called what' },
  { name: 'Jobs', description: 'Hub API: the work behind the scenes' },
  { name: 'Models', description: 'Agents API: language models that are used through the hub' },
  { name: 'Chat', description: 'Conversations with models that use tools' },
  { name: 'Graphs', description: 'Agents API: graphs of agents, and their runs' },
  { name: 'MCP servers', description: 'Agents API: servers by name, as one configuration' },
  { name: 'System', description: 'Agents API: the hub itself' },
  { name: 'Simulator', description: 'Products that nobody has to install, and the tokens that call them' },
  { name: 'OpenAI', description: 'For programs that speak OpenAI: models, and their turns' },
  { name: 'MCP registry', description: 'Servers by id, and calls of their tools with plain HTTP' },
  { name: 'Accounts', description: 'Containers API: register, and get a short token' },
  { name: 'Containers', description: 'Containers API: containers of a Docker Engine' },
  { name: 'Compose', description: 'Containers API: stacks by the text of their Compose file' },
  { name: 'Claude', description: 'Containers API: questions to a model, which is told what runs here' },
];

/** The resource of a procedure `dialect.resource.verb`, with its verb. Throws where the resource has no words. */
function partsOf(name: string) {
  const [dialect = '', resource = '', verb = ''] = name.split('.');
  const words = resources[`${dialect}.${resource}`];
  if (!words) throw new Error(`The resource of the documented route ${name} has no name in the document.`);
  return { words, verb };
}

/** The tag under which the document lists a route. */
export function tagOf(name: string): string {
  return partsOf(name).words[0];
}

/** `hub.servers.list` → `listServers`: the name that generated clients give a route. */
export function operationIdOf(name: string): string {
  const { words, verb } = partsOf(name);
  const plain = plainNames[name];
  if (plain !== undefined) return plain;
  return `${verb}${verb === 'list' ? words[2] : words[1]}`;
}
