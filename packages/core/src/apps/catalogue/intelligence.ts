import type { CreateApp } from '../schema.ts';
import { flag, reads, text } from './kit.ts';
import { verdictOfDomain, verdictOfHash, verdictOfIp } from './verdicts.ts';
import { indicators } from './world.ts';

const related = flag('with_related', '是否返回关联指标 (with related indicators)', { default: false });
const judgement = `"verdict": {{ verdict | json }},
  "score": {{ score }},
  "tags": {% if known.tags %}{{ known.tags | json }}{% else %}[]{% endif %},
  "known": {% if known.verdict %}true{% else %}false{% endif %},
  {% if arguments.with_related %}"related": {% if verdict == 'malicious' %}{"ips": ["203.0.113.66"], "domains": ["update-check.example.net"], "md5": ["44d88612fea8a8f36de82e1278abb02f"]}{% else %}{"ips": [], "domains": [], "md5": []}{% endif %},{% endif %}
  "queried_at": {{ call.time | json }}`;

export const threatbook: CreateApp = {
  category: 'ThreatIntelligence',
  name: 'Threatbook',
  displayName: '微步威胁情报查询 (Threatbook)',
  description:
    '查询 IP、域名和文件 MD5 的威胁情报。已知指标见初始状态的 indicators。(Threat intelligence on addresses, domains and files.)',
  aiNotes: '以状态中的 indicators 为准；其中没有的指标视为安全，known 为 false。',
  enabled: true,
  initialState: { indicators },
  actions: [
    reads('query_ip_threat_intel', {
      displayName: '查询 IP 情报 (Query an IP address)',
      description: '返回 IP 的威胁判定、标签和归属地。(Threat intelligence on an IP address.)',
      parameters: [text('ip*', 'IP 地址 (IP address)'), related],
      body: `${verdictOfIp}{
  "success": true,
  "ip": {{ arguments.ip | json }},
  "country": {{ known.country | default: 'CN' | json }},
  ${judgement}
}`,
    }),
    reads('query_domain_threat_intel', {
      displayName: '查询域名情报 (Query a domain)',
      description: '返回域名的威胁判定、标签和注册时间。(Threat intelligence on a domain.)',
      parameters: [text('domain*', '域名 (domain)'), related],
      body: `${verdictOfDomain}{
  "success": true,
  "domain": {{ arguments.domain | json }},
  "registered_at": {{ 'date.past' | fake | json }},
  ${judgement}
}`,
    }),
    reads('query_md5_threat_intel', {
      displayName: '查询 MD5 情报 (Query an MD5)',
      description: '返回文件 MD5 的威胁判定和恶意家族。(Threat intelligence on a file.)',
      parameters: [text('md5*', '文件的 MD5 (MD5 of a file)'), related],
      body: `${verdictOfHash('md5')}{
  "success": true,
  "md5": {{ arguments.md5 | json }},
  "malware_family": {{ known.family | json }},
  "file_type": {{ known.type | default: 'unknown' | json }},
  ${judgement}
}`,
    }),
  ],
};
