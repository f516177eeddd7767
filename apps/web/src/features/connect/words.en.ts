export const words = {
  allHint: 'For admins, servers that others registered for themselves are not among them: choose one to connect to it.',
  clients: 'Clients',
  createKey: 'Create a key',
  file: 'Goes into',
  groupHint: 'One URL for exactly what this group gives. Only its members can use it.',
  lead: 'One URL for all servers, in every MCP client.',
  needsKey: 'Clients need an API key. {{placeholder}} stands for it in the snippet.',
  only: 'Only {{name}}',
  stdio: 'stdio bridge',
  url: 'URL',
  what: 'What to connect to',
  how: {
    'claude-code': 'Run this in a terminal.',
    'claude-desktop':
      'Settings → Developer → Edit config, then restart. Claude Desktop starts a small bridge from your copy of Switchboard; put its real path in.',
    cursor: 'Add this to the file (or to .cursor/mcp.json of a project).',
    vscode: 'Add this to the workspace’s file, or run “MCP: Add Server” and choose HTTP.',
    windsurf: 'Add this to the file, then press Refresh under Cascade’s MCP servers.',
    zed: 'Add this to the settings.',
    codex: 'Add this to the file.',
    gemini: 'Add this to the file.',
    curl: 'One request of the current protocol revision, with no session.',
    stdio:
      'For clients that only start programs: this bridge speaks stdio to them and HTTP to the hub. Put the real path in.',
  },
};
