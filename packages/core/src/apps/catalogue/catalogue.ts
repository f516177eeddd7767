import type { CreateApp } from '../schema.ts';
import { sangfor } from './firewall-sangfor.ts';
import { usgFirewall } from './firewall-usg.ts';
import { qingTengYunHids } from './hids.ts';
import { cmdb, ldap } from './it.ts';
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
  jira,
  sangfor,
  usgFirewall,
  ldap,
  cmdb,
];
