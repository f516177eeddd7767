import type { CreateApp } from '../schema.ts';
import { oneOf, reads, text } from './kit.ts';
import { detections, stats, verdictOfDomain, verdictOfHash, verdictOfIp, verdictOfUrl } from './verdicts.ts';
import { indicators } from './world.ts';

const severity = `{% if verdict == 'malicious' %}"critical"{% elsif verdict == 'suspicious' %}"medium"{% else %}"info"{% endif %}`;
const tags = `{% if known.tags %}{{ known.tags | json }}{% else %}[]{% endif %}`;
const judgement = `"verdict": {{ verdict | json }},
  "severity": ${severity},
  "confidence": {% if known %}"high"{% else %}"low"{% endif %},
  "score": {{ score }}`;

const queryIp = reads('query_ip_reputation', {
  displayName: '查询 IP 信誉 (Query IP reputation)',
  description: '查询 IP 的威胁判定、标签、地理位置和运营商。(Reputation of an IP address.)',
  parameters: [text('ip*', 'IP 地址 (IP address)')],
  body: `${verdictOfIp}{
  "success": true,
  "ip": {{ arguments.ip | json }},
  ${judgement},
  "tags": ${tags},
  "location": {"country": {{ known.country | default: 'CN' | json }}, "city": {{ 'location.city' | fake | json }}},
  "carrier": {{ 'company.name' | fake | json }},
  "open_ports": [{% if verdict == 'malicious' %}443, 8443, 50050{% else %}53, 443{% endif %}],
  "update_time": {{ call.time | json }}
}`,
});

const queryDomain = reads('query_domain_reputation', {
  displayName: '查询域名信誉 (Query domain reputation)',
  description: '查询域名的威胁判定、注册信息和解析历史。(Reputation of a domain.)',
  parameters: [text('domain*', '域名 (domain)')],
  body: `${verdictOfDomain}{
  "success": true,
  "domain": {{ arguments.domain | json }},
  ${judgement},
  "tags": ${tags},
  "whois": {"registrant": {{ 'person.fullName' | fake | json }}, "registered_at": {{ 'date.past' | fake | json }}},
  "resolutions": [{"ip": {{ 'internet.ip' | fake | json }}, "last_seen": {{ 'date.recent' | fake | json }}}]
}`,
});

const queryFile = reads('query_file_reputation', {
  displayName: '查询文件信誉 (Query file reputation)',
  description: '按哈希查询文件的检出情况、恶意家族和行为摘要。(Reputation of a file.)',
  parameters: [text('file_hash*', '文件的 MD5、SHA-1 或 SHA-256 (file hash)')],
  body: `${verdictOfHash('file_hash')}${detections}{
  "success": true,
  "hash": {{ hash | json }},
  ${judgement},
  "malware_family": {{ known.family | json }},
  "multi_engines": ${stats},
  "behaviours": {% if verdict == 'malicious' %}["写入自启动项", "连接外部控制端"]{% else %}[]{% endif %}
}`,
});

const queryUrl = reads('query_url_reputation', {
  displayName: '查询 URL 信誉 (Query URL reputation)',
  description: '查询 URL 是否为钓鱼、挂马或恶意下载地址。(Reputation of a URL.)',
  parameters: [text('url*', '完整的 URL (URL)')],
  body: `${verdictOfUrl('url')}{
  "success": true,
  "url": {{ arguments.url | json }},
  "host": {{ host | json }},
  ${judgement},
  "tags": ${tags},
  "last_seen": {{ 'date.recent' | fake | json }}
}`,
});

const getIntelligence = reads('get_threat_intelligence', {
  displayName: '获取威胁情报 (Get threat intelligence)',
  description: '按关键字检索攻击组织、恶意家族或漏洞的情报摘要。(Searches intelligence reports.)',
  parameters: [
    text('keyword*', '关键字 (keyword)，例如组织名、家族名或 CVE 编号'),
    oneOf('type', '情报类型 (type)', ['actor', 'malware', 'vulnerability', 'campaign'], 'campaign'),
  ],
  body: `{
  "success": true,
  "keyword": {{ arguments.keyword | json }},
  "type": {{ arguments.type | json }},
  "total": 1,
  "reports": [{
    "report_id": "TI-{{ 'string.numeric' | fake: 6 }}",
    "title": {{ arguments.keyword | append: ' 相关攻击活动分析' | json }},
    "summary": "该活动以仿冒软件更新投递远控程序，控制端位于 203.0.113.66，主要针对财务系统。",
    "severity": "high",
    "iocs": {"ips": ["203.0.113.66"], "domains": ["update-check.example.net"], "md5": ["44d88612fea8a8f36de82e1278abb02f"]},
    "published_at": {{ 'date.recent' | fake | json }}
  }]
}`,
});

export const threatBook: CreateApp = {
  category: 'Security',
  name: 'ThreatBook',
  displayName: '微步在线情报平台 (ThreatBook)',
  description:
    '查询 IP、域名、文件和 URL 信誉，并检索情报报告。已知指标见初始状态的 indicators。(Reputation of indicators, and intelligence reports.)',
  aiNotes: '以状态中的 indicators 为准；其中没有的指标视为安全，confidence 为 low。',
  enabled: true,
  initialState: { indicators },
  actions: [queryIp, queryDomain, queryFile, queryUrl, getIntelligence],
};
