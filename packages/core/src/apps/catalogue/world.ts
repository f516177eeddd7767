/** The data that several products share: one company, and an incident that is under way in it. */

interface Host {
  host_id: string;
  host_name: string;
  ip: string;
  os: string;
  agent_status: string;
  status: string;
  group: string;
}

function host(host_id: string, host_name: string, ip: string, os: string, group: string): Host {
  return { host_id, host_name, ip, os, agent_status: 'online', status: 'normal', group };
}

const known = [
  host('H-1001', 'fin-web-01', '10.20.1.15', 'CentOS Linux 7.9', '财务系统'),
  host('H-1002', 'fin-db-01', '10.20.1.16', 'CentOS Linux 7.9', '财务系统'),
  host('H-1003', 'oa-app-01', '10.20.2.21', 'Windows Server 2019', '办公系统'),
  host('H-1004', 'dev-build-01', '10.20.3.30', 'Ubuntu 22.04 LTS', '研发环境'),
];

/** Hosts by their id, as the agents on them report. */
export const hosts: Record<string, Host> = Object.fromEntries(known.map((each) => [each.host_id, each]));

function user(username: string, display_name: string, department: string, title: string, phone: string) {
  return { username, display_name, department, title, email: `${username}@example.com`, phone, enabled: true };
}

const staff = [
  user('zhangwei', '张伟', '财务部', '财务系统管理员', '13800000001'),
  user('lina', '李娜', '行政部', '行政主管', '13800000002'),
  user('wangqiang', '王强', '研发部', '高级开发工程师', '13800000003'),
  user('chenjing', '陈静', '安全部', '安全运营工程师', '13800000004'),
];

/** Accounts by their name. */
export const users: Record<string, ReturnType<typeof user>> = Object.fromEntries(
  staff.map((each) => [each.username, each]),
);

/** The threat intelligence about addresses, domains and files; all are of ranges and names for documentation. */
export const indicators = {
  ips: {
    '203.0.113.66': { verdict: 'malicious', score: 96, tags: ['C2', '远控', 'Cobalt Strike'], country: 'NL' },
    '198.51.100.23': { verdict: 'suspicious', score: 58, tags: ['扫描器', '暴力破解'], country: 'US' },
    '8.8.8.8': { verdict: 'clean', score: 0, tags: ['公共 DNS'], country: 'US' },
  },
  domains: {
    'update-check.example.net': { verdict: 'malicious', score: 93, tags: ['C2', '仿冒更新'] },
    'login-verify.example.org': { verdict: 'suspicious', score: 61, tags: ['钓鱼'] },
    'example.com': { verdict: 'clean', score: 0, tags: [] },
  },
  files: {
    '44d88612fea8a8f36de82e1278abb02f': { verdict: 'malicious', score: 100, family: 'EICAR-Test-File', type: 'COM' },
    '3395856ce81f2b7382dee72602f798b642f14140': {
      verdict: 'malicious',
      score: 100,
      family: 'EICAR-Test-File',
      type: 'COM',
    },
    '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f': {
      verdict: 'malicious',
      score: 100,
      family: 'EICAR-Test-File',
      type: 'COM',
    },
  },
};

function asset(ip: string, name: string, asset_type: string, system: string, environment: string, owner: string) {
  const importance = environment === 'production' ? 'high' : 'normal';
  return { ip, name, asset_type, system, environment, segment: ip.replace(/\.\d+$/, '.0/24'), owner, importance };
}

const owned = [
  asset('10.20.1.15', 'fin-web-01', 'server', '财务系统', 'production', 'zhangwei'),
  asset('10.20.1.16', 'fin-db-01', 'server', '财务系统', 'production', 'zhangwei'),
  asset('10.20.2.21', 'oa-app-01', 'server', '办公系统', 'production', 'lina'),
  asset('10.20.3.30', 'dev-build-01', 'server', '研发环境', 'development', 'wangqiang'),
  asset('10.30.5.101', 'PC-ZHANGWEI', 'workstation', '办公终端', 'office', 'zhangwei'),
  asset('10.30.5.102', 'PC-LINA', 'workstation', '办公终端', 'office', 'lina'),
];

/** The owners of machines, by address. */
export const assets: Record<string, ReturnType<typeof asset>> = Object.fromEntries(
  owned.map((each) => [each.ip, each]),
);
