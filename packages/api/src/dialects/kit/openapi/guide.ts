import { accessTokenSeconds, grantable, refreshTokenSeconds, shortTokenSeconds } from '@switchboard/core/access';
import { requestLimits } from '@switchboard/core/limits';
import type { ListedRoute } from '../listing.ts';
import { errorTable, rightsTable } from './guide-tables.ts';

function hours(seconds: number): string {
  return `${seconds / 3_600} hours`;
}
function minutes(seconds: number): string {
  return `${seconds / 60} minutes`;
}
function days(seconds: number): string {
  return `${seconds / 86_400} days`;
}

const families = `## Which API to use

| API | Paths | For |
| --- | --- | --- |
| **Hub API** | \`/api/servers\`, \`/api/users\`, \`/api/groups\`, \`/api/auth/login\` and the rest of \`/api\` | Managing servers, people, groups, keys; reading logs and the audit trail. Use it where nothing speaks for another. |
| **MCP registry** | \`/api/mcp/…\` | Registering servers by id and calling their tools with plain HTTP. |
| **Containers** | \`/api/containers\`, \`/api/compose\`, \`/api/claude\`, \`/api/auth/register\`, \`/api/auth/token\`, \`/api/auth/me\` | Docker containers and Compose stacks, and questions about them. |
| **Agents** | \`/models\`, \`/chat/…\`, \`/graphs/…\`, \`/mcp/config\` and the other words of \`/mcp/…\`, and the same below \`/api\` | Language models that people and programs use through the hub, graphs of agents, and MCP servers as one configuration. |
| **OpenAI** | \`/v1/models\`, \`/v1/chat/completions\` | Programs that speak OpenAI: give them this hub with \`/v1\` as their base URL, and an API key. |
| **Simulator** | \`/admin/api/…\`, \`/admin/login\` | Managing simulated products and the tokens that call them. The products themselves speak MCP at \`/{Category}/{Product}?token=…\` and \`/sim/{Category}/{Product}?token=…\`. |

MCP clients need none of these: they connect to \`/mcp\`, or to \`/mcp/{id}\` of a server or group. All APIs take the same accounts, tokens and keys, and see the same servers.`;

const tokens = `## Tokens and keys

| Credential | From | Lasts | Sent as |
| --- | --- | --- | --- |
| Access token | \`POST /api/auth/login\` or \`/api/auth/refresh\` | ${hours(accessTokenSeconds)} | \`Authorization: Bearer …\` |
| Refresh token | the same answers | ${days(refreshTokenSeconds)}, works once | body of \`/api/auth/refresh\` |
| Short access token | \`POST /api/auth/token\` (a form) | ${minutes(shortTokenSeconds)}, no refresh token | \`Authorization: Bearer …\` |
| API key | \`POST /api/auth/api-keys\`, or the page | until \`expiresAt\`, or until it is revoked | \`X-API-Key: …\`, or \`Authorization: Bearer …\` |
| Session cookie | signing in on the page | while it is used | by the browser |

- A refresh token that comes back a second time ends its sign-in at once: keep the new one before you use it.
- Signing out, a new password and disabling the account end its tokens. A key ends with its account.
- An API key can do no more than whoever made it, and no more than its \`permissions\`. It makes no other keys, reveals no secrets, and changes no passwords, roles or grants.

\`\`\`
curl -X POST https://hub.example/api/auth/login -H 'Content-Type: application/json' \\
  -d '{"username": "admin", "password": "…"}'
\`\`\``;

function rights(routes: readonly ListedRoute[]) {
  return `## Roles, rights and grants

Each route says which right it **needs**. A right is asked for twice: by role, and at the server, group, account or container in question. What you may not see answers 404, as if it were not there; what you see and may not do answers 403 with the name of the missing right. So whoever changes something also needs the right to read it.

| Role | May |
| --- | --- |
| \`admin\` | everything |
| \`manager\` | what users may; makes groups, adds models, and opens servers and models to everyone |
| \`user\` | adds servers by URL and manages them; uses what groups and open servers give; makes API keys |
| \`viewer\` | looks at what groups and open servers give |

- An account that registers itself (\`POST /api/auth/register\`, where the hub allows it) is a \`user\` in no group, without grants: containers, stacks and servers that are programs answer 403 until an admin gives it more.
- **Grants** are what an admin gives to single accounts (page *Users*, or \`grants\` of \`PUT /api/users/{userId}\`): ${grantable.map((grant) => `\`${grant}\``).join(', ')}.
- At a server its owner and admins may do everything. Groups give \`read\`, \`execute\` (call tools) and \`write\` (change, start, stop, share and remove it, read its logs). Managers of a group change that group; \`maintainer\` and \`admin\` of a group are other words for a manager.
- \`permissions\` of an API key are \`*\`, rights of the table below, kinds of them (\`server.*\`, \`group.*\`), the words \`read\`, \`execute\`, \`manage\`, or words as accounts have them (\`servers:read\`, \`servers:write\`, \`tools:execute\`). The audit trail names changes by the same rights.
- An account that was given its password (by an admin, or by the hub) may have to change it first: everything else is 403 with \`details.mustChangePassword\`. \`PUT /api/users/{userId}\` of its own account with \`currentPassword\` and \`password\` does that, as for everybody’s own password.

${rightsTable(routes)}`;
}

const limits = `## Rate limits

The hub API and the OpenAI API together allow each caller ${requestLimits.user.toLocaleString('en')} requests a minute, admins ${requestLimits.admin.toLocaleString('en')}, and ${requestLimits.anonymous} from an address without credentials. A user's tokens and keys count together. Each answer tells what is left:

\`\`\`
X-RateLimit-Limit: 1000
X-RateLimit-Remaining: 999
X-RateLimit-Reset: 1704110460
\`\`\`

\`X-RateLimit-Reset\` is in seconds since 1970. Beyond that the answer is 429 with \`Retry-After\` in seconds. Failed sign-ins are slowed down by account and address, in all APIs; a key or a tool may have a limit of its own (\`callsPerMinute\`).`;

function errors(routes: readonly ListedRoute[]) {
  return `## Errors

| API | Shape | A wrong value |
| --- | --- | --- |
| Hub API | \`{"success": false, "error": {"code", "message", "details"?}, "timestamp"}\` | \`details\` has \`field\`, \`reason\` and all \`errors\`; of a 403 it has \`needs\` |
| MCP registry | \`{"success": false, "error": {"code", "message"}}\` | named in \`message\` |
| Containers | \`{"detail": "…"}\` | \`detail\` is a list of \`{"type", "loc", "msg"}\` |
| OpenAI | \`{"error": {"message", "type", "param", "code"}}\` | \`param\` names the first one, \`message\` all |
| Simulator | \`{"error": "…", "code", "details"?}\` | \`details\` has \`field\` and \`message\` |

Switch on the status and \`code\`; the wording of \`message\` may change. \`field\` and \`loc\` name what you sent, as you wrote it. Messages of the hub API begin with the words that its document has for the code (in Chinese, as the reason of an empty name, command, user name or password); what follows, and every other reason, is English. These statuses and codes come at any route of an API. Each route lists those that it adds.

${errorTable(routes)}

A hub that stops answers 503 with \`Retry-After\`. A request whose URL and headers are more than 16 KB is 431, in the shape of its API. Every path is served with a final slash too. Each answer has an \`X-Request-Id\`: the hub's own log and the audit trail know a request by it.

A request is for the hub where its \`Host\` is the public address of the hub, an IP address, \`localhost\` or one of \`ALLOWED_HOSTS\`, and where it has no \`Origin\`, or that of the hub or one of \`ALLOWED_ORIGINS\`. Any other is 403 at every route, signing in included.`;
}

const reading = `## Lists, values and streams

- **Pages**: \`page\` counts from 1, \`limit\` is 20 where nothing is said and 100 at most; more counts as 100. \`pagination\` tells \`total\`, \`pages\`, \`hasNext\` and \`hasPrev\`. Logs and the audit trail have a cursor instead: give \`nextCursor\` back as \`cursor\`.
- **Filters**: \`search\` looks through texts, \`filter[name]\` at one field; a comma means any of the words, in any case. A parameter that is a list may stand there once for each word; any other that stands there twice is refused. A name that a route does not know is refused (400) by the hub API, \`_\` apart, and ignored by the others. Numbers are decimal digits. \`created_after\` and \`created_before\` take a day or a time.
- **Times** are UTC, as \`2024-01-01T12:00:00.000Z\`. Queries also take how long ago: \`15m\`, \`1h\`, \`7d\`.
- **Absent** fields keep their value in a \`PUT\`. \`null\` is the same as absent, unless the field itself can be null (its description says what null means). A field that is an object or a list of your own entries (\`profile\`, \`env\`, \`headers\`, \`args\`, \`tags\`, \`groups\`, \`grants\`) replaces what is there; one with named parts (\`settings\`, \`permissions\` of a group) keeps the parts that are left out.
- **Unknown** fields of a body are ignored, except where a bound that is misspelt would be a bound that is missing: API keys refuse them. Words that other systems have for a field (\`disabled\` of an account, \`env\` of a container) are refused with the right one.
- **Masked values**: headers, secret files, and variables whose name or value looks secret are \`***\`. Sending \`***\` back keeps the stored value. \`GET /api/servers/{serverId}?reveal=true\` shows them to the owner and admins, and the audit trail notes it.
- **Streams**: \`follow=true\` (logs) and \`stream=true\` (statistics) keep the answer open as \`text/event-stream\`, with a comment line every 15 seconds. A client whose \`Accept\` leaves that out gets one JSON value a line where it takes \`application/x-ndjson\`, and else the JSON of the moment, as without the parameter. All other answers are JSON whatever \`Accept\` says. A stream ends with its server or container, its caller's rights, or its sign-in.
- **Bodies** are JSON of at most 10 MB, unless the hub is set otherwise; those of signing in, renewing and registering have at most 16,384 bytes. Integers beyond 53 bits would lose digits and are refused: send them as texts.`;

/** The text with which the document, and the page that shows it, begins. In Markdown. */
export function guideOf(routes: readonly ListedRoute[]): string {
  return [
    'The documented REST APIs of this hub.',
    families,
    tokens,
    rights(routes),
    limits,
    errors(routes),
    reading,
  ].join('\n\n');
}
