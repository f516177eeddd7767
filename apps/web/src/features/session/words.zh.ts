import type { Translation } from '../../locales/translation.ts';
import type { words as english } from './words.en.ts';

export const words = {
  signIn: {
    action: '登录',
    code: '验证码',
    codeFailedHint: '验证码每 30 秒更新，且只能用一次；也可使用恢复码。',
    codeHint: '验证应用中的六位数字，或一个恢复码。',
    failedHint: '请检查拼写，并确认大写锁定未开启。',
    firstTime: '第一次使用？管理员密码在数据目录的 {{file}} 文件里。',
    lead: '进入 {{instance}}',
    otherAccount: '返回密码登录',
    title: '登录',
  },
  password: {
    forcedAction: '设置密码',
    forcedLead: '您的密码还有别人知道。请先设置自己的密码。',
    forcedTitle: '设置新密码',
  },
  register: {
    action: '创建账户',
    instead: '已有账户，去登录',
    lead: '在 {{instance}}',
    offer: '还没有账户？创建一个',
    title: '创建账户',
  },
} satisfies Translation<typeof english>;
