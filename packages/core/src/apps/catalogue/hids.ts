import type { CreateApp } from '../schema.ts';
import { hostStatus, isolateHost, releaseHost, withHost } from './host-actions.ts';
import { reads, text, whole } from './kit.ts';
import { hosts } from './world.ts';

const getHostId = reads('get_host_id_from_ip', {
  displayName: '按 IP 查询主机编号 (Get a host ID from an IP address)',
  description: '返回 IP 地址对应的主机编号和主机名。(Finds the host that has an address.)',
  parameters: [text('ip*', '主机的内网 IP (internal IP address)，例如 10.20.1.15')],
  body: `{% for entry in state.hosts %}{% if entry[1].ip == arguments.ip %}{% assign host = entry[1] %}{% endif %}{% endfor %}{% if host %}{
  "success": true,
  "ip": {{ arguments.ip | json }},
  "host_id": {{ host.host_id | json }},
  "host_name": {{ host.host_name | json }},
  "os": {{ host.os | json }}
}{% else %}{
  "success": false,
  "error_code": "HOST_NOT_FOUND",
  "message": {{ '没有安装代理的主机使用该地址：' | append: arguments.ip | json }}
}{% endif %}`,
});

const getAlerts = reads('get_security_alerts_from_host_id', {
  displayName: '查询主机告警 (Get the alerts of a host)',
  description: '返回指定主机最近一段时间的安全告警。(Lists the alerts of one host.)',
  parameters: [text('host_id*', '主机编号 (host ID)'), whole('hours', '查询最近多少小时 (hours)', { default: 24 })],
  body: withHost(`{
  "success": true,
  "host_id": {{ host.host_id | json }},
  "hours": {{ arguments.hours | json }},
  {% if host.host_id == 'H-1001' %}"total": 2,
  "alerts": [
    {"alert_id": "AL-{{ 'string.numeric' | fake: 8 }}", "type": "反弹 Shell", "severity": "critical", "process": "/tmp/.upd", "remote": "203.0.113.66:443", "md5": "44d88612fea8a8f36de82e1278abb02f", "occurred_at": {{ 'date.recent' | fake | json }}},
    {"alert_id": "AL-{{ 'string.numeric' | fake: 8 }}", "type": "Web 后门", "severity": "high", "file": "/var/www/html/upload/img.php", "occurred_at": {{ 'date.recent' | fake | json }}}
  ]{% else %}"total": 1,
  "alerts": [
    {"alert_id": "AL-{{ 'string.numeric' | fake: 8 }}", "type": "暴力破解", "severity": "medium", "remote": "198.51.100.23", "attempts": {{ 'number.int' | fake: 20, 400 }}, "occurred_at": {{ 'date.recent' | fake | json }}}
  ]{% endif %}
}`),
});

export const qingTengYunHids: CreateApp = {
  category: 'HIDS',
  name: 'QingTengYun-HIDS',
  displayName: '青藤云主机安全 (QingTengYun HIDS)',
  description:
    '云主机入侵检测：按 IP 查主机、查告警、隔离与解除隔离。主机见初始状态的 hosts。(Host intrusion detection for clouds.)',
  aiNotes: '主机以状态中的 hosts 为准，不存在的主机返回 success 为 false；status 为 normal 或 isolated。',
  enabled: true,
  initialState: { hosts },
  actions: [getHostId, getAlerts, isolateHost, releaseHost, hostStatus],
};
