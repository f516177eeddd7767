/** What is said of tools that models wrote. */
export const generatedToolSentences = {
  generatedStays: 'a generated tool is no other kind of server, and no other server becomes one',
  noGeneratedTool: "There is no generated tool '{{id}}'.",
  noSandbox: 'there is no Docker Engine to run it in a container; set DOCKER_HOST.',
  notReviewed: 'Disabled until its files are reviewed and enabled.',
  toolCannotRun: 'The tool is written, and cannot run here: {{reason}}',
  toolChanged: 'The tool was changed since you looked at it: look again before you enable it.',
  toolNameTaken: "An MCP tool '{{name}}' exists already; choose another name.",
} as const;
