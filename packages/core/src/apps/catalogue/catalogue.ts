import type { CreateApp } from '../schema.ts';
import { sangfor } from './firewall-sangfor.ts';
import { usgFirewall } from './firewall-usg.ts';
import { qingTengYunHids } from './hids.ts';
import { weChat } from './im-wechat.ts';
import { weWork } from './im-wework.ts';
import { threatbook } from './intelligence.ts';
import { cmdb, ldap } from './it.ts';
import { tencentMeeting } from './meeting.ts';
import { cisco3750 } from './network-3750.ts';
import { huaweiSwitch } from './network-huawei.ts';
import { ciscoRouter } from './network-router.ts';
import { qingTengHids } from './security-qingteng.ts';
import { threatBook } from './security-threatbook.ts';
import { virusTotal } from './security-virustotal.ts';
import { jira } from './ticket.ts';

/** The products that there are before anybody makes some. */
export const catalogue: readonly CreateApp[] = [
  virusTotal,
  threatBook,
  qingTengHids,
  qingTengYunHids,
  threatbook,
  weChat,
  weWork,
  tencentMeeting,
  jira,
  huaweiSwitch,
  ciscoRouter,
  cisco3750,
  sangfor,
  usgFirewall,
  ldap,
  cmdb,
];
