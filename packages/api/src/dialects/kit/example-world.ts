/** The objects of all examples: the same server, account and group in every documented API. */
export const world = {
  now: '2024-01-01T12:00:00.000Z',
  /** When what the examples show was made. */
  before: '2024-01-01T10:00:00.000Z',
  adminId: 'user100',
  userId: 'user123',
  groupId: 'dev-team',
  /** Of the hub API. */
  serverId: 'server-1',
  /** Of the registry. */
  registeredId: 'minimax-mcp',
  tool: 'web_search',
  keyId: 'Zk3vQ8wYx1nT5bLe',
  alertId: 'pT4sW9kLm2Xq7RzB',
  webhookId: 'hook-1',
  deliveryId: '0192f0c1-7e1a-7000-8000-000000000001',
  jobId: '0f5b3c1e-2f0a-4b53-9a35-6f1f1d1f9c11',
  container: 'mcp-nginx-example',
  conversation: 'conv_123',
  model: 'gpt-4',
  graph: 'my_graph',
  /** Of the simulator. */
  app: 10,
  appToken: 5,
  claude: 'claude-sonnet-4-5',
  requestId: 'q7Rk2mX9vLw4TzBe',
  token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c2VyMTAwIn0.c2lnbmF0dXJl',
} as const;
