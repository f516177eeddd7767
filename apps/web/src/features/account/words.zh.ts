import type { Translation } from '../../locales/translation.ts';
import type { words as english } from './words.en.ts';

export const words = {
  lead: '您的身份、登录方式，以及已登录的设备。',
  loadFailed: '无法加载您的账户',
  noGroups: '不在任何群组',
  openHint: '本服务无需登录，因此没有账户可设置。',
  password: {
    change: '修改密码',
    changed_other: '密码已修改，另外 {{count}} 个会话已结束',
    hint: '其他设备都会退出登录，API 密钥不受影响。',
  },
  mfa: {
    code: '应用显示的验证码',
    codeHint: '六位数字，每 30 秒更新。',
    codes: '恢复码',
    codesHint: '手机不在身边时，每个恢复码可登录一次。请像密码一样妥善保管。',
    codesOnce: '请立即保存：只显示这一次。',
    confirm: '启用',
    do: {
      enrol: '设置验证应用',
      enrolHint: '请先输入密码，以免他人在您未锁定的屏幕上操作。',
      remove: '停用',
      removeHint: '停用后仅凭密码即可登录，恢复码随之失效。',
      renew: '生成新恢复码',
      renewHint: '现有的恢复码将失效。',
    },
    offHint: '除密码外再加手机验证码：只偷到密码也无法登录。',
    onHint: '登录时需要验证应用中的验证码。',
    qr: '供验证应用扫描的二维码',
    removed: '双重验证已停用',
    scan: '用验证应用扫描，然后输入它显示的验证码。',
    stored: '我已保存',
    typeIn: '或在应用中手动输入：',
  },
  devices: {
    current: '本机',
    endOf: '将 {{name}} 退出登录',
    endOthers: '退出其他所有设备',
    ended: '已退出登录',
    lastSeen: '最近活动',
    loadFailed: '无法加载设备',
    program: '程序',
    since: '登录于',
  },
} satisfies Translation<typeof english>;
