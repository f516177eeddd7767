import createFetchClient from 'openapi-fetch';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProvider } from '@switchboard/agents/testing';
import { adminPassword, type Json, type TestApp } from '../../support/app.ts';
import { addClaude } from '../../support/claude.ts';
import { createEngineApp, type EngineApp, noEngine } from '../../support/engine.ts';
import { addPerson, commonPassword } from '../../support/people.ts';
import { until } from '../../support/until.ts';
import { type CompatApp, createCompatApp } from '../compat-app.ts';
import { createChecker, operationsOf, type Operation } from './operations.ts';

/** What somebody does who has only the document: each route succeeds, with the status and body that stand there. */

/** Operations that answered a success. */
const succeeded = new Set<string>();
let documented: Operation[] = [];

interface Asked {
  path?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  form?: Record<string, string>;
}

/** Calls operations by their ids with a client made from the document; gives what they answer. */
async function clientOf(app: TestApp, token = app.token) {
  const { body: document } = await app.json('/openapi.json', { auth: false });
  documented = operationsOf(document);
  const check = createChecker(document);
  const client = createFetchClient<Json>({
    baseUrl: app.url,
    redirect: 'manual',
    headers: { authorization: `Bearer ${token}` },
  });
  return async (id: string, { path, query, body, form }: Asked = {}): Promise<Json> => {
    const operation = documented.find((each) => each.id === id);
    if (!operation) throw new Error(`The document has no operation ${id}.`);
    const init = {
      params: { ...(path && { path }), ...(query && { query }) },
      ...(body !== undefined && { body }),
      ...(form && { body: form, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }),
    };
    const asked = operation.documented.responses['200']?.content;
    const isFile = asked !== undefined && asked['application/json'] === undefined;
    const parse = { ...init, parseAs: isFile ? 'text' : 'json' };
    const answer = await client.request(operation.method as 'get', operation.path, parse as never);
    const { response, data, error } = answer as { response: Response; data?: unknown; error?: unknown };
    check(operation, response.status, response.ok ? data : error);
    expect(response.ok || response.status === 302, `${id} ${response.status}: ${JSON.stringify(error)}`).toBe(true);
    succeeded.add(id);
    return data;
  };
}

describe('a client made from the document', () => {
  let app: CompatApp;
  beforeAll(async () => {
    app = await createCompatApp({ ALLOW_REGISTRATION: 'true' });
  });
  afterAll(() => app.stop());

  test('manages servers', async () => {
    const call = await clientOf(app);
    const body = { name: 'walked', command: 'uvx', args: ['x'], env: { LOG_LEVEL: 'INFO' } };
    const created = await call('createServer', { query: { wait: true }, body });
    const path = { serverId: created.data.id };
    expect(created.data.status).toBe('running');
    await call('listServers', { query: { status: ['running', 'error'], limit: 5, 'filter[enabled]': true } });
    await call('getServer', { path, query: { reveal: true } });
    await call('updateServer', { path, body: { description: 'changed', tags: null } });
    await call('getServerLogs', { path, query: { level: 'warn', limit: 2, follow: false } });
    await call('stopServer', { path, body: { graceful: false } });
    await call('startServer', { path, query: { wait: true } });
    await call('restartServer', { path });
    await call('getSystemStatus');
    await call('getLogs', { query: { level: 'info', limit: 3, since: '1h', follow: false } });
    await call('getMetrics', { query: { timeRange: '24h', granularity: '5m', metrics: 'cpu,memory,requests' } });
    for (const beside of ['getServersHealth', 'getThroughput', 'getHubHealth', 'getDashboard']) await call(beside);
    await call('listAuditEntries', { query: { kind: 'change', limit: 3 } });
    await call('removeServer', { path });
  });

  test('manages people, groups and keys', async () => {
    const call = await clientOf(app);
    await call('createGroup', { body: { name: 'walkers', settings: { requireApproval: true } } });
    const group = { groupId: 'walkers' };
    const user = { username: '行者', password: 'securepassword', groups: ['walkers'] };
    const { id: userId } = (await call('createUser', { body: user })).data;
    const server = await call('createServer', { body: { name: 'shelf', command: 'uvx', enabled: false } });
    const shelved = { ...group, serverId: server.data.id };
    await call('listUsers', { query: { search: '行者', status: ['enabled'] } });
    await call('getUser', { path: { userId } });
    await call('updateUser', { path: { userId }, body: { profile: { team: 'a' } } });
    await call('listGroups');
    await call('getGroup', { path: group });
    await call('updateGroup', { path: group, body: { displayName: 'Walkers' } });
    await call('approveGroupMember', { path: { ...group, userId } });
    await call('updateGroupMember', { path: { ...group, userId }, body: { role: 'maintainer' } });
    await call('listGroupMembers', { path: group });
    await call('removeGroupMember', { path: { ...group, userId } });
    await call('addGroupMember', { path: group, body: { userId } });
    await call('addGroupServer', { path: group, body: { serverName: 'shelf', permissions: ['read'] } });
    await call('listGroupServers', { path: group });
    await call('updateGroupServer', { path: shelved, body: { alias: 'one' } });
    await call('removeGroupServer', { path: shelved });
    await call('removeGroup', { path: group });
    const { id: keyId } = (await call('createApiKey', { body: { name: 'walk', permissions: ['servers:read'] } })).data;
    await call('listApiKeys');
    await call('updateApiKey', { path: { keyId }, body: { callsPerMinute: 5 } });
    await call('revokeApiKey', { path: { keyId } });
    await call('removeUser', { path: { userId } });
  });

  test('manages simulated products', async () => {
    const call = await clientOf(app);
    const account = await addPerson(app, 'simulating');
    const anybody = await clientOf(app, account.token);
    await anybody('signInToSimulator', { body: { username: 'simulating', password: commonPassword } });
    await anybody('changePassword', { body: { old_password: commonPassword, new_password: 'another good one' } });
    await anybody('signOutOfSimulator');
    const actions = [{ name: 'look', parameters: [{ key: 'where', type: 'String', required: true, description: '' }] }];
    const named = { category: 'Walks', name: 'Park', display_name: '公园' };
    const { app: made } = await call('createApp', { body: { ...named, actions } });
    const path = { app_id: String(made.id) };
    await call('listApps');
    await call('getApp', { path });
    await call('updateApp', { path, body: { ...named, actions, seed: 'one' } });
    await call('changeApp', { path, body: { profile: 'slow' } });
    const { token } = await call('createAppToken', { body: { description: '新Token' } });
    const ofToken = { token_id: String(token.id) };
    await call('setAppsOfToken', { path: ofToken, body: { app_ids: [made.id] } });
    await call('listAppsOfToken', { path: ofToken });
    await call('updateAppToken', { path: ofToken, body: { enabled: false } });
    await call('listAppTokens');
    await call('removeAppToken', { path: ofToken });
    await call('countApps');
    const { applications } = await call('exportApps', { query: { ids: String(made.id) } });
    await call('importApps', { body: { applications } });
    await call('removeApp', { path });
    const { prompts } = await call('listAppPrompts');
    await call('getAppPrompt', { path: { prompt_id: String(prompts[0].id) } });
    await call('updateAppPrompt', { path: { prompt_id: String(prompts[0].id) }, body: { enabled: true } });
    await using provider = await startProvider();
    const settings = { api_base_url: provider.url, model_name: 'gpt-4o-mini', api_key: 'sk-0123456789abcdef' };
    await call('setAppModel', { body: settings });
    await call('getAppModel');
    provider.script({ text: '我是一个AI助手' });
    await call('checkAppModel', { body: {} });
    provider.script({ text: '[{"name": "look"}]' });
    await call('generateActions', { body: { category: 'Walks', name: 'Made', prompt: 'A park' } });
    await call('listAppLogs', { query: { page: 1, per_page: 2, action: 'create_app' } });
    await call('removeAppLogs');
  });

  test('registers, signs in, takes a second factor and signs out', async () => {
    const account = { username: 'walker', password: 'securepassword' };
    const anybody = await clientOf(app);
    const { id: userId } = await anybody('registerAccount', { body: { ...account, full_name: null } });
    await anybody('approveUser', { path: { userId } });
    const short = await anybody('getToken', { form: { ...account, grant_type: 'password' } });
    await (
      await clientOf(app, short.access_token)
    )('getOwnAccount');
    const signedIn = await anybody('signIn', { body: account });
    const renewed = await anybody('refreshTokens', { body: { refreshToken: signedIn.data.refreshToken } });
    const own = await clientOf(app, renewed.data.token);
    await own('verifyCredentials');
    const { password } = account;
    const { secret } = (await own('enableSecondFactor', { body: { password } })).data;
    await own('verifySecondFactor', { body: { code: new TOTP({ secret }).generate() } });
    await own('disableSecondFactor', { body: { password } });
    await own('signOut', { body: {} });
    await anybody('signIn', { body: { username: 'admin', password: adminPassword, mfaCode: null } });
  });

  test('registers servers by id and calls their tools', async () => {
    const call = await clientOf(app);
    await call('registerServer', { body: { id: 'minimax-mcp', type: 'stdio', command: 'uvx' } });
    const path = { serverId: 'minimax-mcp' };
    await call('listRegisteredServers');
    await call('getRegisteredServer', { path });
    await call('getRegisteredServerStatus', { path });
    await call('listRegisteredServerTools', { path });
    await call('callServerTool', { path: { ...path, toolName: 'web_search' }, body: { query: 'x' } });
    await call('callTool', { body: { toolName: 'web_search', arguments: { query: 'x' } } });
    await call('getStatistics');
    await call('getHealth');
    await call('restartRegisteredServer', { path });
    await call('unregisterServer', { path });
  });

  test('sees servers as one configuration', async () => {
    const call = await clientOf(app);
    await call('registerServer', { body: { id: 'walked-mcp', type: 'stdio', command: 'uvx' } });
    const path = { server_name: 'walked-mcp' };
    expect((await call('getMcpConfig')).mcpServers['walked-mcp'].transportType).toBe('stdio');
    expect((await call('getMcpStatus'))['walked-mcp'].connected).toBe(true);
    expect((await call('listMcpTools'))['walked-mcp'].length).toBeGreaterThan(1);
    const asked = { server_name: 'walked-mcp', tool_name: 'web_search', params: { query: 'x' } };
    expect((await call('callMcpTool', { body: asked })).status).toBe('success');
    await call('stopMcpServer', { path });
    await call('startMcpServer', { path });
    const given = { command: 'uvx', args: ['x'], transportType: 'stdio' };
    expect((await call('addMcpServers', { body: { mcpServers: { more: given } } })).status).toBe('success');
    const mcpServers = { ...(await call('getMcpConfig')).mcpServers, more: given };
    expect((await call('setMcpConfig', { body: { mcpServers } })).more.connected).toBe(true);
    const removed = await call('removeMcpServers', { body: ['walked-mcp', 'more'] });
    expect(removed.removed_servers).toEqual(['walked-mcp', 'more']);
  });

  test('registers a generated tool', async () => {
    const call = await clientOf(app);
    const files = { 'main.py': 'def main():...' };
    const body = { folder_name: 'walked_tool', script_files: files, readme: 'A tool', dependencies: '' };
    expect((await call('createGeneratedTool', { body })).status).toBe('success');
    expect(await call('listGeneratedTools')).toEqual(['walked_tool']);
    await call('removeMcpServers', { body: ['walked_tool'] });
  });

  test('lists models and asks one', async () => {
    const call = await clientOf(app);
    await call('listChatModels');
    await call('getChatModel', { path: { model: 'demo' } });
    await call('completeChat', {
      body: { model: 'demo', messages: [{ role: 'user', content: 'Hello?' }], stop: null },
    });
  });

  test('stores a graph, and runs it', async () => {
    const call = await clientOf(app);
    const nodes = [{ name: 'node1', model_name: 'demo' }];
    await call('createGraph', { body: { name: 'walked', nodes } });
    const path = { graph_name: 'walked' };
    expect(await call('listGraphs')).toEqual(['walked']);
    expect((await call('getGraph', { path })).nodes).toHaveLength(1);
    expect((await call('getGraphReadme', { path })).readme).toContain('# walked');
    expect((await call('getGraphScript', { path })).script).toContain('walked');
    const body = { graph_name: 'walked', input_text: 'Hello', background: true };
    expect((await call('startGraph', { body })).status).toBe('started');
    await call('renameGraph', { path: { old_name: 'walked', new_name: 'walked2' } });
    await call('removeGraph', { path: { graph_name: 'walked2' } });
  });

  test('makes a graph with a model', async () => {
    const call = await clientOf(app);
    expect((await call('getGraphPrompt')).prompt).toContain('demo');
    expect((await call('getGraphChangePrompt')).has_graph_config).toBe('False');
    expect((await call('getToolPrompt')).template).toContain('<script_file name=');
    const said = { requirement: 'A graph', model_name: 'demo', stream: false };
    const { conversation_id } = await call('askForGraph', { body: said });
    const finish = { ...said, requirement: '<end>END</end>', conversation_id };
    expect((await call('askForGraph', { body: finish })).completion.graph_name).toBe('demo_graph');
    await call('removeGraph', { path: { graph_name: 'demo_graph' } });
    await call('removeConversation', { path: { conversation_id } });
    const tool = await call('askForTool', { body: said });
    expect(tool.output).not.toBe('');
    await call('removeConversation', { path: { conversation_id: tool.conversation_id } });
  });

  test('talks with a model, and keeps what was said', async () => {
    const call = await clientOf(app);
    const said = { user_prompt: 'Hello', model_name: 'demo', conversation_id: 'walk', stream: false };
    expect((await call('askModel', { body: said })).output).toMatch(/demo model/);
    const path = { conversation_id: 'walk' };
    expect((await call('listConversations', { query: { user_id: 'default_user' } })).total_count).toBe(2);
    expect((await call('getConversation', { path })).rounds).toHaveLength(1);
    await call('renameConversation', { path, body: { title: 'Walked' } });
    await call('tagConversation', { path, body: { tags: ['walk'] } });
    await call('setConversationStatus', { path, body: { status: 'favorite' } });
    await call('compactConversation', { path, body: { model_name: 'demo' } });
    await call('removeConversation', { path });
  });

  test('manages models', async () => {
    const call = await clientOf(app);
    await call('createModel', { body: { name: 'walked', base_url: 'https://api.example.com', api_key: 'sk-1' } });
    const path = { model_name: 'walked' };
    await call('listModels');
    await call('getModel', { path });
    await call('updateModel', {
      path,
      body: { name: 'walked', base_url: 'https://api.example.com/v2', api_key: '***' },
    });
    await call('removeModel', { path });
  });

  test('asks Claude, at once and later', async () => {
    await using provider = await startProvider();
    await addClaude(app, provider.url);
    provider.script({ text: 'At once.' });
    provider.script({ text: 'Later.' });
    const call = await clientOf(app);
    await call('getClaudeConfig');
    expect((await call('askClaude', { body: { prompt: 'Hello?' } })).completion).toBe('At once.');
    const { request_id } = await call('askClaudeLater', { body: { prompt: 'Hello?' } });
    await until(
      async () => (await call('getClaudeAnswer', { path: { request_id } })).status === 'completed',
      'the answer is there',
    );
  });

  test('changes settings, and makes them what they were', async () => {
    const call = await clientOf(app);
    await call('changeConfig', { body: { retention: { callsDays: 7 } } });
    expect((await call('getConfig')).data.retention.callsDays).toBe(7);
    expect((await call('checkConfig', { body: { destination: 'slack' } })).data.ok).toBe(false);
    const { data } = await call('removeConfig', { path: { key: 'retention' } });
    expect(data.retention.callsDays).toBe(30);
  });

  test('takes care of an alert', async () => {
    const call = await clientOf(app);
    await app.connection.run(
      `insert into alerts (id, rule_id, subject, severity, state, reason, since, fired_at)
       values ('walked', 'disk-space', '', 'critical', 'firing', $1::jsonb, now(), now())`,
      [{ code: 'alertDiskSpace', params: { percent: 3 }, text: '3 % is free.' }],
    );
    expect((await call('listAlerts')).data.items).toMatchObject([{ id: 'walked', status: 'firing' }]);
    const { data } = await call('acknowledgeAlert', { path: { alertId: 'walked' } });
    expect(data).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'admin', message: '3 % is free.' });
  });

  test('manages webhooks, and tells them again', async () => {
    const call = await clientOf(app);
    // Nothing listens there: what is told fails, and says so.
    const body = { name: 'walked', url: 'http://127.0.0.1:9/', events: ['group.*'] };
    const { id: webhookId } = (await call('createWebhook', { body })).data;
    const path = { webhookId };
    await call('listWebhooks');
    await call('getWebhook', { path });
    await call('updateWebhook', { path, body: { name: 'walked on' } });
    const { data } = await call('checkWebhook', { path });
    expect(data).toMatchObject({ state: 'failed', attempts: 1, status: null });
    await call('retryWebhookDelivery', { path: { deliveryId: data.id } });
    expect((await call('listWebhookDeliveries', { path, query: { limit: 10 } })).data.items).toHaveLength(2);
    await call('removeWebhook', { path });
  });

  test('decides about jobs that were set aside', async () => {
    const call = await clientOf(app);
    await app.connection.run('select switchboard_jobs.create_queue(\'walked\', \'{"policy":"standard"}\'::jsonb)');
    for (const input of [1, 2]) {
      await app.connection.run(
        `insert into switchboard_jobs.job (name, data, source_name, source_output)
         values ('set-aside', $1::jsonb, 'walked', '{"reason":"no luck"}')`,
        [{ version: 1, input }],
      );
    }
    const { setAside } = (await call('listJobs')).data;
    expect(setAside).toMatchObject([
      { type: 'walked', reason: 'no luck' },
      { type: 'walked', reason: 'no luck' },
    ]);
    await call('retryJob', { path: { jobId: setAside[0].id } });
    await call('dropJob', { path: { jobId: setAside[1].id } });
    expect((await call('listJobs')).data.setAside).toEqual([]);
  });
});

test('a client made from the document stops the hub', async () => {
  await using app = await createCompatApp({ ALLOW_SHUTDOWN: 'true' });
  const call = await clientOf(app);
  expect(await call('stopHub')).toMatchObject({ status: 'success', active_sessions: 0 });
});

describe.skipIf(noEngine)('a client made from the document, with an engine', () => {
  let app: EngineApp;
  beforeAll(async () => {
    app = await createEngineApp();
  });
  afterAll(() => app.stop());

  test('manages containers and stacks', async () => {
    const call = await clientOf(app);
    const name = `${app.docker.prefix}-walk`;
    const command = ['sh', '-c', 'echo hello; exec sleep 600'];
    await call('createContainer', { body: { image: app.image, name, command, ports: null } });
    const path = { container_id: name };
    await call('startContainer', { path });
    await call('listContainers');
    await call('getContainer', { path });
    await call('getContainerLogs', { path, query: { tail: 5, timestamps: false } });
    await call('getContainerStats', { path, query: { stream: false } });
    await call('downloadContainerFile', { path, query: { path: '/etc/hostname' } });
    await call('downloadContainerArchive', { path, query: { path: '/etc/hostname' } });
    await call('pauseContainer', { path });
    await call('unpauseContainer', { path });
    await call('restartContainer', { path });
    await call('killContainer', { path });
    await call('stopContainer', { path });
    await call('removeContainer', { path, query: { force: true } });
    const content = `services:\n  web:\n    image: ${app.image}\n    stop_grace_period: 0s\n`;
    const body = { content, path: 'walk' };
    await call('deployStack', { body });
    await call('getStackStatus', { body });
    await call('stopStack', { body });
  });
});

test('every route of the document was walked', () => {
  const wanted = documented.filter(({ path: route }) => !noEngine || !/^\/api\/(containers|compose)\//.test(route));
  expect(wanted.map(({ id }) => id).filter((id) => !succeeded.has(id))).toEqual([]);
  expect(succeeded.size).toBeGreaterThanOrEqual(wanted.length);
});
