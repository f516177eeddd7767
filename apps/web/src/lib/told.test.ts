import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import i18next from 'i18next';
import { expect, it } from 'vitest';
import { en } from '../locales/en/index.ts';
import { zhCN } from '../locales/zh-CN/index.ts';
import { callError, hintOf, inOwnWords } from './told.ts';

const i18n = i18next.createInstance();
await i18n.init({
  lng: 'zh-CN',
  fallbackLng: 'en',
  resources: { en: { translation: en }, 'zh-CN': { translation: zhCN } },
  interpolation: { escapeValue: false },
});
const chinese = i18n.getFixedT('zh-CN');
const english = i18n.getFixedT('en');

it.each([
  ['Request cancelled', '请求已取消'],
  ['Not started yet.', '尚未启动。'],
  ['Server is stopping', '服务器正在停止'],
  ["'my.id' exists already.", '“my.id”已存在。'],
  ['The program ended with exit code 3.', '程序已结束，退出码 3。'],
  [
    'The server did not finish its start in 1.5 s. Look whether an MCP server answers at its URL.',
    '服务器未能在 1.5 秒内完成启动。请检查其 URL 上是否有 MCP 服务器应答。',
  ],
  [
    'The proxy proxy.example:3128 answered 403: it does not let the hub reach mcp.example.',
    '代理 proxy.example:3128 回答 403：它不允许本服务访问 mcp.example。',
  ],
  ['Downloading the package', '正在下载软件包'],
  ['The server wants a sign-in (HTTP 401).', '服务器要求登录 (HTTP 401)。'],
  [
    'The server wants a sign-in (HTTP 401): The token has expired.',
    '服务器要求登录 (HTTP 401)：The token has expired.',
  ],
  ['The server refused the message with HTTP 403: Forbidden.', '服务器拒绝了消息 (HTTP 403)：Forbidden.'],
  [
    'The server refused the message with HTTP 429. Try again in 30 seconds.',
    '服务器拒绝了消息 (HTTP 429)。请在 30 秒后重试。',
  ],
  [
    'The server refused the message with HTTP 429: Slow down. Try again in 30 seconds.',
    '服务器拒绝了消息 (HTTP 429)：Slow down. 请在 30 秒后重试。',
  ],
  ['The server answered with something that is no JSON-RPC message.', '服务器的应答不是 JSON-RPC 消息。'],
  ['http://127.0.0.1:9 could not be reached: other side closed', '无法连接 http://127.0.0.1:9：other side closed'],
  [
    'The server refused the message with HTTP 404. HTTP+SSE does not work there either: There is no route to a.example.',
    '服务器拒绝了消息 (HTTP 404)。 在那里使用 HTTP+SSE 也不行：没有通往 a.example 的路由。',
  ],
  [
    'The program ended with exit code 1: npm knows no package @acme/x: npm.example does not have it, or does not show it here.',
    '程序已结束，退出码 1：npm 找不到软件包 @acme/x：npm.example 没有该软件包，或不向此处提供。',
  ],
  [
    'The server did not finish its start in 60 s: The name a.example cannot be resolved here: this machine is offline, or reaches it only through a proxy (HTTPS_PROXY).',
    '服务器未能在 60 秒内完成启动：此处无法解析名称 a.example：本机处于离线状态，或只能通过代理 (HTTPS_PROXY) 访问。',
  ],
  ['Server a.b is not available: it does not start', '服务器 a.b 不可用：它无法启动'],
  ['The tool is there; it is switched off in group ops.', '此工具存在，但在用户组 ops 中已关闭。'],
  [
    'The server refused the message with HTTP 404. HTTP+SSE does not work there either. Is the URL that of its MCP endpoint?',
    '服务器拒绝了消息 (HTTP 404)。 在那里使用 HTTP+SSE 也不行。请检查该 URL 是否为其 MCP 端点。',
  ],
])('says %s in the reader’s language', (text, expected) => {
  expect(inOwnWords(text, chinese)).toBe(expected);
  expect(inOwnWords(text, english)).toBe(text);
});

it.each([
  ['The server refused the message with HTTP 403: Forbidden.', 'httpHint.forbidden'],
  ['The server refused the message with HTTP 429. Try again in 30 seconds.', 'httpHint.tooMany'],
  ['The server refused the message with HTTP 502: Bad gateway.', 'httpHint.itsFault'],
  ['The server refused the message with HTTP 404.', null],
  ['The program ended with exit code 1: HTTP 5000', null],
] as const)('has for %s the hint %s', (text, key) => {
  expect(hintOf(text, chinese)).toBe(key && chinese(key));
});

it('leaves what a program said as it is', () => {
  const said = 'Error: no $& luck\n  {{code}} (Server is stopped)';
  expect(inOwnWords(said, chinese)).toBe(said);
  expect(inOwnWords(`The program ended with exit code 3: ${said}`, chinese)).toBe(`程序已结束，退出码 3：${said}`);
  expect(inOwnWords(`Server a is not available: ${said}`, chinese)).toBe(`服务器 a 不可用：${said}`);
  const cancelled = { errorMessage: 'Request cancelled' };
  expect(callError({ outcome: 'tool_error', ...cancelled }, chinese)).toBe('Request cancelled');
  expect(callError({ outcome: 'cancelled', ...cancelled }, chinese)).toBe('请求已取消');
});

it('knows nothing that the hub does not say', () => {
  const packages = path.join(import.meta.dirname, '../../../../packages');
  const files = globSync(['{core,mcp-runtime}/src/**/*.ts'], { cwd: packages }).filter(
    (file) => !file.endsWith('.test.ts'),
  );
  const source = files.map((file) => readFileSync(path.join(packages, file), 'utf8')).join('\n');
  const pieces = Object.values(en.told).flatMap((text) => text.split(/\{\{\w+\}\}|\. /));
  const whole = pieces
    .map((piece) => piece.replace(/^ (is )?/, '').replace(/[. ]+$/, ''))
    .filter((piece) => piece.length > 2);
  expect(whole.filter((piece) => !source.includes(piece))).toEqual([]);
});
