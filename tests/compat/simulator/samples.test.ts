import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { adminPassword, type Json } from '../../support/app.ts';
import { type CompatApp, createCompatApp } from '../compat-app.ts';

const run = promisify(execFile);
let app: CompatApp;
let directory: string;
beforeAll(async () => {
  app = await createCompatApp({ SIMULATOR_DEMO: 'true' });
  directory = await mkdtemp(path.join(tmpdir(), 'samples-'));
});
afterAll(async () => {
  await app.stop();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  await app.connection.run("delete from apps where name = 'NewScanner'", []);
});

/** A sample of the document for this hub: its hosts, its password, and an action in place of the dots. */
function here(sample: string): string {
  return sample
    .replaceAll(/http:\/\/localhost:909[01]/g, app.url)
    .replaceAll('admin123', adminPassword)
    .replaceAll('[...]', '[{"name": "scan"}]');
}

async function expectScanner(made: Json) {
  expect(made).toMatchObject({ message: '应用创建成功', app: { category: 'Security', name: 'NewScanner' } });
  const { apps } = (await app.json('/admin/api/apps')).body;
  expect(apps.find(({ name }: Json) => name === 'NewScanner')).toMatchObject({ actions: [{ name: 'scan' }] });
}

const python = `
import requests

# MCP Server 调用
def call_mcp_tool():
    url = "http://localhost:9090/Security/VirusTotal"
    params = {"token": "demo-token-123"}
    payload = {
        "jsonrpc": "2.0",
        "method": "tools/call",
        "params": {
            "name": "query_ip",
            "arguments": {"ip": "8.8.8.8"}
        },
        "id": 1
    }

    response = requests.post(url, params=params, json=payload)
    return response.json()

# Admin Server 调用
def create_app():
    # 先登录
    session = requests.Session()
    session.post(
        "http://localhost:9091/admin/login",
        json={"username": "admin", "password": "admin123"}
    )

    # 创建应用
    app_data = {
        "category": "Security",
        "name": "NewScanner",
        "display_name": "新扫描器",
        "description": "描述",
        "actions": [...]
    }

    response = session.post(
        "http://localhost:9091/admin/api/apps",
        json=app_data
    )
    return response.json()
`;

describe('the samples of the document make a product', () => {
  test('in Python with requests', async () => {
    const program = `${here(python)}\nimport json\nprint(json.dumps([call_mcp_tool(), create_app()]))`;
    const { stdout } = await run('python3', ['-c', program]);
    const [called, made] = JSON.parse(stdout);
    expect(JSON.parse(called.result.content[0].text)).toMatchObject({ ip: '8.8.8.8' });
    await expectScanner(made);
  });

  test('with curl', async () => {
    async function curl(sample: string): Promise<Json> {
      const { stdout } = await run('bash', ['-c', here(sample).replace(/^curl/, 'curl -s')], { cwd: directory });
      return JSON.parse(stdout);
    }
    await curl(`curl -X POST "http://localhost:9091/admin/login" \\
  -H "Content-Type: application/json" \\
  -c cookies.txt \\
  -d '{"username": "admin", "password": "admin123"}'`);
    const made = await curl(`curl -X POST "http://localhost:9091/admin/api/apps" \\
  -H "Content-Type: application/json" \\
  -b cookies.txt \\
  -d '{
    "category": "Security",
    "name": "NewScanner",
    "display_name": "新扫描器",
    "description": "描述",
    "actions": [...]
  }'`);
    await expectScanner(made);
  });
});
