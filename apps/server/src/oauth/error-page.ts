import type { KoaContextWithOIDC } from 'oidc-provider';
import { pageHeaders } from '../http/static.ts';
import { addressOfHeld } from './held-errors.ts';

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

type Language = 'en' | 'zh-CN';
type Words = Readonly<Record<Language, string>>;

/** A sentence for a person for each error of the authorization endpoint, by code. */
const sentences: Readonly<Record<string, Words>> = {
  invalid_client: {
    en: 'The hub does not know the program that sent you here, or could not read what it says of itself.',
    'zh-CN': '本服务不认识把您带到这里的程序，或无法读取该程序的自我说明。',
  },
  invalid_redirect_uri: {
    en: 'The program wants to be answered at an address that it did not register. Nothing was sent there.',
    'zh-CN': '程序要求把结果发送到它没有注册过的地址。没有向该地址发送任何内容。',
  },
  invalid_request: {
    en: 'The request of the program is not complete, or not valid.',
    'zh-CN': '程序的请求不完整或无效。',
  },
  invalid_target: {
    en: 'The program asks for an address that is no MCP endpoint of this hub, or for several at once.',
    'zh-CN': '程序请求的地址不是此本服务的 MCP 端点，或一次请求了多个端点。',
  },
  invalid_scope: {
    en: 'The program asks for permissions that this hub does not have.',
    'zh-CN': '程序请求了此本服务没有的权限。',
  },
  unsupported_response_type: {
    en: 'The program asks for a kind of answer that this hub does not give.',
    'zh-CN': '程序请求的响应类型此本服务不支持。',
  },
  consent_required: {
    en: 'The program wants to be let in without asking you, and the hub always asks.',
    'zh-CN': '程序想不经询问就获得访问权限，而本服务总会询问您。',
  },
  server_error: { en: 'The hub failed. Its log tells more.', 'zh-CN': '本服务发生故障，详情见其日志。' },
};

const others: Words = {
  en: 'The request of the program cannot be answered.',
  'zh-CN': '无法答复程序的请求。',
};
const title: Words = { en: 'This program cannot sign in', 'zh-CN': '此程序无法登录' };
const pageTitle: Words = { en: 'Sign-in of a program · Switchboard', 'zh-CN': '程序登录 · Switchboard' };
const advice: Words = {
  en: `Begin again in the program. If that does not help, remove the sign-in of this hub that the program has saved, and add
the hub anew. Else its makers need the line above.`,
  'zh-CN':
    '请在程序中重新开始。如果仍然无效，请删除程序保存的此本服务的登录信息，再重新添加本服务；否则请把上面这一行告诉程序的开发者。',
};
const goBack: Words = { en: 'Go back, and tell the program of it at', 'zh-CN': '返回并告知程序：' };

const style = `:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:10vh auto;padding:0 1.25rem}
h1{font-size:1.4rem}code{overflow-wrap:anywhere}`;

function languageOf(ctx: KoaContextWithOIDC): Language {
  const preferred = ctx.acceptsLanguages('en', 'zh-CN', 'zh');
  return preferred === 'zh-CN' || preferred === 'zh' ? 'zh-CN' : 'en';
}

/** Renders an error that is not sent to the client, with a way to tell the client where there is one. */
export function errorPage(
  ctx: KoaContextWithOIDC,
  out: { error: string; error_description?: string | undefined },
  error?: unknown,
): void {
  for (const [name, value] of Object.entries(pageHeaders)) ctx.set(name, value);
  ctx.set('cache-control', 'no-store');
  ctx.set('referrer-policy', 'no-referrer');
  ctx.set('vary', 'accept-language');
  ctx.type = 'html';
  // The status of some errors is that of the redirect.
  if (ctx.status < 400) ctx.status = 400;
  const language = languageOf(ctx);
  const sentence = sentences[out.error] ?? others;
  const told = [out.error, out.error_description].filter((text) => text !== undefined).join(': ');
  const address = addressOfHeld(error, out);
  const place = address && (/^https?:$/.test(address.protocol) ? address.host : address.protocol);
  const link = address
    ? `<p><a href="${escaped(address.href)}">${goBack[language]} ${escaped(place ?? '')}</a></p>`
    : '';
  ctx.body = `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${pageTitle[language]}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${style}</style></head>
<body><main><h1>${title[language]}</h1><p>${sentence[language]}</p><p><code>${escaped(told)}</code></p>
<p>${advice[language]}</p>${link}</main></body></html>`;
}
