/** The sentences about generated tools. */
export const generatedToolSentences = {
  denoNotFetched: 'Deno could not be fetched from the registry of npm ({{reason}}); set TOOL_DENO to where it is.',
  generatedStays: 'a generated tool is no other kind of server, and no other server becomes one',
  noGeneratedTool: "There is no generated tool '{{id}}'.",
  noSandbox: 'there is no sandbox to run it in; set DOCKER_HOST or TOOL_DENO, and see TOOL_SANDBOX.',
  notReviewed: 'Disabled until its files are reviewed and enabled.',
  pythonNeedsEngine: 'tools in Python run in containers only, and there is no Docker Engine; set DOCKER_HOST.',
  toolCannotRun: 'The tool is written, and cannot run here: {{reason}}',
  toolChanged: 'The tool was changed since you looked at it: look again before you enable it.',
  toolMemory: 'The tool took more than {{size}} MB of memory and was ended.',
  toolNameTaken: "An MCP tool '{{name}}' exists already; choose another name.",
} as const;
