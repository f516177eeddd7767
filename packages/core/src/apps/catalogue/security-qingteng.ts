import type { CreateApp } from '../schema.ts';
import { hostStatus, isolateHost, releaseHost, withHost } from './host-actions.ts';
import { list, oneOf, reads, text, whole, writes } from './kit.ts';
import { hosts } from './world.ts';

const getAlerts = reads('get_security_alerts', {
  displayName: '获取安全告警 (Get security alerts)',
  description: '列出最近的主机入侵告警，可按级别和主机过滤。(Lists recent intrusion alerts.)',
  parameters: [
    oneOf('severity', '告警级别 (severity)', ['all', 'critical', 'high', 'medium', 'low'], 'all'),
    text('host_id', '主机编号 (host ID)；为空时为全部主机'),
    whole('limit', '最多返回的条数 (limit)', { default: 20 }),
  ],
  body: `{% assign host_id = arguments.host_id | default: 'H-1001' %}{% assign host = state.hosts[host_id] %}{
  "success": true,
  "total": {% if arguments.limit > 1 %}2{% else %}1{% endif %},
  "alerts": [{
    "alert_id": "AL-{{ 'string.numeric' | fake: 8 }}",
    "host_id": {{ host_id | json }},
    "host_ip": {{ host.ip | json }},
    "severity": {% if arguments.severity == 'all' %}"critical"{% else %}{{ arguments.severity | json }}{% endif %},
    "type": "反弹 Shell",
    "detail": "进程 /tmp/.upd 与 203.0.113.66:443 建立连接",
    "status": "unhandled",
    "occurred_at": {{ 'date.recent' | fake | json }}
  }{% if arguments.limit > 1 %}, {
    "alert_id": "AL-{{ 'string.numeric' | fake: 8 }}",
    "host_id": {{ host_id | json }},
    "host_ip": {{ host.ip | json }},
    "severity": {% if arguments.severity == 'all' %}"high"{% else %}{{ arguments.severity | json }}{% endif %},
    "type": "Web 后门",
    "detail": "发现可疑文件 /var/www/html/upload/img.php",
    "status": "unhandled",
    "occurred_at": {{ 'date.recent' | fake | json }}
  }{% endif %}]
}`,
});

const scanVulnerabilities = writes('scan_host_vulnerabilities', {
  displayName: '扫描主机漏洞 (Scan a host for vulnerabilities)',
  description: '对主机执行漏洞扫描，返回各级别数量和漏洞清单。(Scans a host for known vulnerabilities.)',
  parameters: [
    text('host_id*', '主机编号 (host ID)，例如 H-1001'),
    oneOf('scan_level', '扫描深度 (scan level)', ['quick', 'full'], 'quick'),
  ],
  body: withHost(`{
  "success": true,
  "task_id": "VS-{{ 'string.numeric' | fake: 8 }}",
  "host_id": {{ arguments.host_id | json }},
  "scan_level": {{ arguments.scan_level | json }},
  "summary": {"critical": 1, "high": {% if arguments.scan_level == 'full' %}2{% else %}1{% endif %}, "medium": {{ 'number.int' | fake: 1, 9 }}},
  "vulnerabilities": [
    {"cve": "CVE-2021-44228", "name": "Apache Log4j2 远程代码执行", "severity": "critical", "fix": "升级到 2.17.1 或更高版本"},
    {% if arguments.scan_level == 'full' %}{"cve": "CVE-2022-0847", "name": "Linux 内核 Dirty Pipe 提权", "severity": "high", "fix": "升级内核"},{% endif %}
    {"cve": "CVE-2021-4034", "name": "polkit pkexec 本地提权", "severity": "high", "fix": "升级 polkit"}
  ],
  "finished_at": {{ call.time | json }}
}`),
});

const getProcesses = reads('get_process_info', {
  displayName: '查询进程信息 (Get process information)',
  description: '列出主机上的进程，可按名称或进程号过滤。(Lists processes of a host.)',
  parameters: [
    text('host_id*', '主机编号 (host ID)'),
    text('process_name', '进程名 (process name)'),
    list('pids', '进程号列表 (process IDs)', { items: { type: 'integer' } }),
  ],
  body: withHost(`{
  "success": true,
  "host_id": {{ arguments.host_id | json }},
  "processes": [{% for pid in arguments.pids %}
    {"pid": {{ pid | json }}, "ppid": 1, "name": {{ arguments.process_name | default: 'upd' | json }}, "user": "apache", "suspicious": false},{% endfor %}
    {
      "pid": {{ 'number.int' | fake: 2000, 32000 }},
      "ppid": 1,
      "name": {{ arguments.process_name | default: '.upd' | json }},
      "path": "/tmp/.upd",
      "user": "apache",
      "command_line": "/tmp/.upd -c 203.0.113.66:443",
      "md5": "44d88612fea8a8f36de82e1278abb02f",
      "suspicious": true,
      "started_at": {{ 'date.recent' | fake | json }}
    }
  ]
}`),
});

export const qingTengHids: CreateApp = {
  category: 'Security',
  name: 'QingTengHIDS',
  displayName: '青藤主机安全 (QingTeng HIDS)',
  description:
    '主机入侵检测：告警、隔离与解除隔离、漏洞扫描和进程查询。主机见初始状态的 hosts。(Host intrusion detection.)',
  aiNotes: '主机以状态中的 hosts 为准，不存在的主机返回 success 为 false；status 为 normal 或 isolated。',
  enabled: true,
  initialState: { hosts },
  actions: [getAlerts, isolateHost, releaseHost, hostStatus, scanVulnerabilities, getProcesses],
};
