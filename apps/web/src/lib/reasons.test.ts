import { TRPCClientError } from '@trpc/client';
import i18next from 'i18next';
import { expect, it } from 'vitest';
import { coreSentences, say as sayOfCore } from '@switchboard/core/reasons';
import { runtimeSentences, say, type Reason } from '@switchboard/mcp-runtime/reasons';
import { en } from '../locales/en/index.ts';
import { reasons, zhCN } from '../locales/zh-CN/index.ts';
import { reasonOf } from './call-words.ts';
import { hintOf, tellReason } from './reasons.ts';
import { fieldMessage, toFailure } from './trpc.ts';

const i18n = i18next.createInstance();
await i18n.init({
  lng: 'zh-CN',
  fallbackLng: 'en',
  resources: { en: { translation: en }, 'zh-CN': { translation: zhCN, reasons } },
  interpolation: { escapeValue: false },
});
const chinese = i18n.getFixedT('zh-CN');
const english = i18n.getFixedT('en');

function holes(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name).toSorted((a, b) => a.localeCompare(b));
}

it('has words for every code, with the same parameters', () => {
  const sentences: Record<string, string> = { ...runtimeSentences, ...coreSentences };
  expect(Object.keys(reasons).toSorted()).toEqual(Object.keys(sentences).toSorted());
  for (const [code, text] of Object.entries(reasons)) {
    expect([code, holes(text)]).toEqual([code, holes(sentences[code] ?? '')]);
    expect(text, code).not.toBe('');
  }
});

const unresolved = say('nameUnresolved', { host: 'a.example' });
const forbidden = say('refusedSaying', { status: 403, reason: 'Forbidden.' });

it.each<[Reason, string]>([
  [say('cancelled'), '请求已取消'],
  [say('exited', { code: 3 }), '程序已结束，退出码 3。'],
  [
    say('tooLongBecause', { seconds: 60, reason: unresolved }),
    '服务器未能在 60 秒内完成启动：此处无法解析名称 a.example：',
  ],
  [
    say('either', { first: forbidden, transport: 'HTTP+SSE', reason: say('noRoute', { host: 'a.example' }) }),
    '服务器拒绝了消息 (HTTP 403)：Forbidden. 在那里使用 HTTP+SSE 也不行：没有通往 a.example 的路由。',
  ],
])('tells $text in the reader’s language', (reason, expected) => {
  expect(tellReason(reason, reason.text, chinese)).toContain(expected);
  expect(tellReason(reason, reason.text, english)).toBe(reason.text);
});

it('leaves what a program said as it is', () => {
  const said = 'Error: no $& luck\n  {{code}} $t(httpHint.itsFault) (Server is stopped)';
  const reason = say('exitedSaying', { code: 3, reason: said });
  expect(tellReason(reason, reason.text, chinese)).toBe(`程序已结束，退出码 3：${said}`);
  expect(tellReason(null, said, chinese)).toBe(said);
});

it('has English for a code that it does not know', () => {
  const later = { code: 'ofALaterHub', params: {}, text: 'Something new.' };
  expect(tellReason(later, later.text, chinese)).toBe('Something new.');
});

it('knows what to do about a status, wherever it stands', () => {
  const limited = say('notAvailable', { id: 'a', reason: say('refused', { status: 429 }) });
  expect([forbidden, limited, say('refused', { status: 502 })].map((reason) => hintOf(reason, english))).toEqual([
    english('httpHint.forbidden'),
    english('httpHint.tooMany'),
    english('httpHint.itsFault'),
  ]);
  expect([say('refused', { status: 404 }), say('cancelled'), null].map((reason) => hintOf(reason, english))).toEqual([
    null,
    null,
    null,
  ]);
});

it('tells why a call failed, and what a tool said word for word', () => {
  const errorReason = say('cancelled');
  expect(reasonOf({ outcome: 'cancelled', errorMessage: errorReason.text, errorReason }, chinese)).toBe('请求已取消');
  const tool = { outcome: 'tool_error', errorMessage: 'Request cancelled', errorReason: null } as const;
  expect(reasonOf(tool, chinese)).toBe('Request cancelled');
});

it('tells a refusal, and what is wrong with its field, in the reader’s language', () => {
  const why = sayOfCore('passwordIsName');
  const whole = sayOfCore('inField', { field: 'password', reason: why });
  const fields = [
    { field: 'password', message: why.text, why },
    { field: 'patch.email', message: 'must be one line', why: null },
  ];
  const data = { code: 'BAD_REQUEST', httpStatus: 400, path: 'users.create', why: whole, fields };
  const error = TRPCClientError.from({ error: { code: -32600, message: whole.text, data } });
  const failure = toFailure(error, chinese);
  expect(failure).toMatchObject({ code: 'BAD_REQUEST', message: 'password：不能与用户名相同' });
  expect(fieldMessage(failure, 'password')).toBe('不能与用户名相同');
  expect(fieldMessage(failure, 'email')).toBe('must be one line');
  expect(toFailure(error, english).message).toBe('password: must not be the user name');
  expect(toFailure(new Error('offline'), chinese).message).toBe('offline');
});
