import type { CreateApp } from '../schema.ts';
import { oneOf, reads, text, writes } from './kit.ts';
import { detections, stats, verdictOfDomain, verdictOfHash, verdictOfIp, verdictOfUrl } from './verdicts.ts';
import { indicators } from './world.ts';

const ip = text('ip*', 'IPv4 或 IPv6 地址 (IP address)，例如 8.8.8.8');

const ipReport = `${verdictOfIp}${detections}{
  "success": true,
  "ip": {{ arguments.ip | json }},
  "country": {{ known.country | default: 'US' | json }},
  "asn": {{ 'number.int' | fake: 1000, 64000 }},
  "as_owner": {{ 'company.name' | fake | json }},
  "reputation": {{ 0 | minus: score }},
  "verdict": {{ verdict | json }},
  "last_analysis_stats": ${stats},
  "tags": {% if known.tags %}{{ known.tags | json }}{% else %}[]{% endif %},
  "last_analysis_date": {{ call.time | json }}
}`;

const scanFile = writes('scan_file', {
  displayName: '扫描文件 (Scan a file)',
  description: '按哈希提交文件进行多引擎扫描，返回分析编号和检出数量。(Submits a file for analysis.)',
  parameters: [
    text('file_hash*', '文件的 MD5、SHA-1 或 SHA-256 (file hash)'),
    text('file_name', '文件名 (file name)，仅用于显示', { default: 'sample.bin' }),
  ],
  body: `${verdictOfHash('file_hash')}${detections}{
  "success": true,
  "analysis_id": {{ 'string.alphanumeric' | fake: 24 | append: '==' | json }},
  "status": "completed",
  "file": {"hash": {{ hash | json }}, "name": {{ arguments.file_name | json }}},
  "verdict": {{ verdict | json }},
  "stats": ${stats},
  "submitted_at": {{ call.time | json }}
}`,
});

const scanUrl = writes('scan_url', {
  displayName: '扫描 URL (Scan a URL)',
  description: '扫描指定 URL 的恶意内容与安全风险；full 模式还返回各引擎的结果。(Scans a URL.)',
  parameters: [
    text('target_url*', '要扫描的 URL (target URL)，包含协议'),
    oneOf('scan_type', '扫描类型 (scan type)：quick 只查信誉，full 完整分析', ['quick', 'full'], 'quick'),
  ],
  body: `${verdictOfUrl('target_url')}${detections}{
  "success": true,
  "scan_id": "scan_{{ call.time | date: '%Y%m%d' }}_{{ 'string.numeric' | fake: 6 }}",
  "target_url": {{ arguments.target_url | json }},
  "scan_type": {{ arguments.scan_type | json }},
  "verdict": {{ verdict | json }},
  "vulnerabilities": {"high": {% if verdict == 'malicious' %}{{ 'number.int' | fake: 1, 4 }}{% else %}0{% endif %}, "medium": {{ 'number.int' | fake: 0, 3 }}, "low": {{ 'number.int' | fake: 0, 6 }}},
  {% if arguments.scan_type == 'full' %}"engines": [
    {"engine": "Kaspersky", "category": {{ verdict | json }}},
    {"engine": "Sophos", "category": {{ verdict | json }}},
    {"engine": "Google Safebrowsing", "category": {% if verdict == 'malicious' %}"phishing"{% else %}"clean"{% endif %}}
  ],
  "http_response": {"status": 200, "content_type": "text/html", "body_sha256": {{ 'string.sha256' | fake | json }}},{% endif %}
  "stats": ${stats},
  "scanned_at": {{ call.time | json }}
}`,
});

const getFileReport = reads('get_file_report', {
  displayName: '获取文件报告 (Get a file report)',
  description: '查询文件哈希的最近一次分析报告，包含检出统计、家族和样本信息。(Retrieves the report of a file.)',
  parameters: [text('resource*', '文件的 MD5、SHA-1 或 SHA-256 (file hash)')],
  body: `${verdictOfHash('resource')}${detections}{
  "success": true,
  "resource": {{ arguments.resource | json }},
  "found": {% if known %}true{% else %}false{% endif %},
  "verdict": {{ verdict | json }},
  "type": {{ known.type | default: 'PE32' | json }},
  "size": {{ 'number.int' | fake: 2048, 4194304 }},
  "popular_threat_label": {{ known.family | json }},
  "last_analysis_stats": ${stats},
  "first_submission_date": {{ 'date.past' | fake | json }},
  "last_analysis_date": {{ call.time | json }}
}`,
});

const getDomainReport = reads('get_domain_report', {
  displayName: '获取域名报告 (Get a domain report)',
  description: '查询域名的信誉、分类、注册信息和解析记录。(Retrieves the report of a domain.)',
  parameters: [text('domain*', '域名 (domain)，例如 example.com')],
  body: `${verdictOfDomain}${detections}{
  "success": true,
  "domain": {{ arguments.domain | json }},
  "verdict": {{ verdict | json }},
  "reputation": {{ 0 | minus: score }},
  "categories": {% if verdict == 'clean' %}["business"]{% else %}{{ known.tags | json }}{% endif %},
  "registrar": {{ 'company.name' | fake | json }},
  "creation_date": {{ 'date.past' | fake | json }},
  "last_dns_records": [{"type": "A", "value": {{ 'internet.ip' | fake | json }}, "ttl": 300}],
  "last_analysis_stats": ${stats}
}`,
});

export const virusTotal: CreateApp = {
  category: 'Security',
  name: 'VirusTotal',
  displayName: 'VirusTotal 威胁情报 (VirusTotal)',
  description:
    '多引擎的文件、URL、IP 和域名分析服务。演示数据中的已知指标见初始状态的 indicators，其余一律为安全。(Multi-engine analysis of files, URLs, addresses and domains.)',
  aiNotes:
    '以状态中的 indicators 为准；其中没有的指标视为安全。检出统计各项之和为 90。verdict 为 malicious、suspicious 或 clean。',
  enabled: true,
  initialState: { indicators },
  actions: [
    scanFile,
    scanUrl,
    reads('query_ip', {
      displayName: '查询 IP (Query an IP address)',
      description: '查询 IP 地址的信誉、归属和检出统计。(Looks an IP address up.)',
      parameters: [ip],
      body: ipReport,
    }),
    reads('scan_ip', {
      displayName: '分析 IP (Scan an IP address)',
      description: '用全部引擎重新分析 IP 地址并返回结果。(Analyses an IP address anew.)',
      parameters: [ip],
      body: ipReport,
    }),
    getFileReport,
    getDomainReport,
  ],
};
