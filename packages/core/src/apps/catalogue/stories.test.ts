import { describe, expect, test } from 'vitest';
import { callerOf, product } from './testing.ts';

describe.each(['HIDS/QingTengYun-HIDS', 'Security/QingTengHIDS'])('hosts of %s', (hids) => {
  test('an isolated host is isolated until it is released', async () => {
    const caller = callerOf(product(hids));
    const host_id = 'H-1001';
    expect((await caller.ask(hids, 'get_host_status', { host_id })).value['status']).toBe('normal');
    const reason = 'C2 "通信"';
    expect((await caller.ask(hids, 'isolate_host', { host_id, reason })).value).toMatchObject({ status: 'isolated' });
    expect((await caller.ask(hids, 'get_host_status', { host_id })).value).toMatchObject({
      status: 'isolated',
      status_reason: reason,
    });
    expect((await caller.ask(hids, 'get_host_status', { host_id: 'H-1002' })).value['status']).toBe('normal');
    await caller.ask(hids, 'release_host', { host_id });
    expect((await caller.ask(hids, 'get_host_status', { host_id })).value['status']).toBe('normal');
  });

  test('a host that nobody knows is told, and none is made of it', async () => {
    const caller = callerOf(product(hids));
    const before = await caller.state();
    for (const host_id of ['H-9', 'size', '__proto__', '']) {
      expect((await caller.ask(hids, 'isolate_host', { host_id })).value).toMatchObject({
        success: false,
        error_code: 'HOST_NOT_FOUND',
      });
    }
    expect(await caller.state()).toEqual(before);
  });
});

test('what one agent isolates is isolated for the other of the same caller', async () => {
  const caller = callerOf(product('HIDS/QingTengYun-HIDS'), product('Security/QingTengHIDS'));
  const { value } = await caller.ask('HIDS/QingTengYun-HIDS', 'get_host_id_from_ip', { ip: '10.20.1.15' });
  expect(value).toMatchObject({ host_id: 'H-1001', host_name: 'fin-web-01' });
  await caller.ask('HIDS/QingTengYun-HIDS', 'isolate_host', { host_id: value['host_id'] });
  const after = await caller.ask('Security/QingTengHIDS', 'get_host_status', { host_id: 'H-1001' });
  expect(after.value['status']).toBe('isolated');
});

test('an address is judged alike by all that know it', async () => {
  const caller = callerOf(product('Security/VirusTotal'), product('Security/ThreatBook'));
  for (const [ip, verdict] of [
    ['203.0.113.66', 'malicious'],
    ['198.51.100.23', 'suspicious'],
    ['8.8.8.8', 'clean'],
    ['192.0.2.1', 'clean'],
  ]) {
    expect((await caller.ask('Security/VirusTotal', 'query_ip', { ip })).value['verdict']).toBe(verdict);
    expect((await caller.ask('Security/ThreatBook', 'query_ip_reputation', { ip })).value['verdict']).toBe(verdict);
  }
  const bad = { target_url: 'http://update-check.example.net:8080/a?b=c', scan_type: 'full' };
  const { value } = await caller.ask('Security/VirusTotal', 'scan_url', bad);
  expect(value).toMatchObject({ verdict: 'malicious', engines: expect.any(Array) as unknown[] });
  const quick = await caller.ask('Security/VirusTotal', 'scan_url', { ...bad, scan_type: 'quick' });
  expect(quick.value).not.toHaveProperty('engines');
});

describe.each(['Firewall/USGFirewall', 'Firewall/Sangfor'])('%s', (firewall) => {
  test('lists the addresses that are blocked, networks as well', async () => {
    const caller = callerOf(product(firewall));
    async function blocked(): Promise<unknown[]> {
      const { value } = await caller.ask(firewall, 'list_blocked_ips');
      return (value['blocked'] as { ip_address: string }[]).map(({ ip_address }) => ip_address);
    }
    expect(await blocked()).toEqual([]);
    await caller.ask(firewall, 'block_ip_address', { ip_address: '203.0.113.66', reason: 'C2' });
    const network = { ip_address: '198.51.100.0/24' };
    await caller.ask(firewall, 'block_ip_address', network);
    expect((await caller.ask(firewall, 'block_ip_address', network)).value['already_blocked']).toBe(true);
    expect(await blocked()).toEqual(['203.0.113.66', '198.51.100.0/24']);
    expect((await caller.ask(firewall, 'unblock_ip_address', network)).value['success']).toBe(true);
    expect((await caller.ask(firewall, 'unblock_ip_address', network)).value['success']).toBe(false);
    expect(await blocked()).toEqual(['203.0.113.66']);
  });

  test('keeps at most 200 of them', async () => {
    const caller = callerOf(product(firewall));
    for (let at = 0; at < 210; at += 1) {
      await caller.ask(firewall, 'block_ip_address', { ip_address: `192.0.2.${at}`, reason: 'x'.repeat(2_000) });
    }
    const { value } = await caller.ask(firewall, 'list_blocked_ips');
    expect(value['total']).toBe(200);
    expect((value['blocked'] as { ip_address: string }[]).at(-1)?.ip_address).toBe('192.0.2.209');
  });
});

test('attacks of a blocked address are blocked', async () => {
  const caller = callerOf(product('Firewall/Sangfor'));
  await caller.ask('Firewall/Sangfor', 'block_ip_address', { ip_address: '203.0.113.66' });
  const { value } = await caller.ask('Firewall/Sangfor', 'get_threat_events');
  expect((value['events'] as Record<string, unknown>[]).map((event) => [event['source_ip'], event['action']])).toEqual([
    ['203.0.113.66', 'blocked'],
    ['198.51.100.23', 'alerted'],
  ]);
});

describe('issues of Jira', () => {
  const jira = 'Ticket/Jira';

  test('a new issue is found with all that happened to it', async () => {
    const caller = callerOf(product(jira));
    const summary = '隔离 "fin-web-01"';
    const made = await caller.ask(jira, 'create_issue', { summary, priority: 'High', project_key: 'OPS' });
    expect(made.value).toMatchObject({ success: true, issue_key: 'OPS-102' });
    const issue_key = made.value['issue_key'];
    await caller.ask(jira, 'assign_issue', { issue_key, assignee: 'lina' });
    await caller.ask(jira, 'add_comment', { issue_key, comment: '第一\n"条"', author: 'lina' });
    await caller.ask(jira, 'update_issue_status', { issue_key, status: '已解决', resolution: '已隔离' });
    expect((await caller.ask(jira, 'get_issue_details', { issue_key })).value['issue']).toMatchObject({
      summary,
      priority: 'High',
      assignee: 'lina',
      status: '已解决',
      resolution: '已隔离',
      comments: [{ author: 'lina', body: '第一\n"条"' }],
    });
    expect((await caller.ask(jira, 'create_issue', { summary: 'b' })).value['issue_key']).toBe('SEC-103');
  });

  test('issues are searched by what they are', async () => {
    const caller = callerOf(product(jira));
    await caller.ask(jira, 'create_issue', { summary: '检查 fin-db-01', assignee: 'lina' });
    async function keys(by: Record<string, unknown>): Promise<unknown[]> {
      const { value } = await caller.ask(jira, 'search_issues', by);
      expect(value['total']).toBe((value['issues'] as unknown[]).length);
      return (value['issues'] as Record<string, unknown>[]).map((issue) => issue['issue_key']);
    }
    expect(await keys({})).toEqual(['SEC-101', 'SEC-102']);
    expect(await keys({ status: '处理中' })).toEqual(['SEC-101']);
    expect(await keys({ keyword: 'fin-db', assignee: 'lina' })).toEqual(['SEC-102']);
    expect(await keys({ max_results: 1 })).toEqual(['SEC-101']);
    expect(await keys({ project_key: 'OPS' })).toEqual([]);
  });

  test('comments keep the last 20, and an issue that is not there has none', async () => {
    const caller = callerOf(product(jira));
    for (let at = 0; at < 25; at += 1) {
      await caller.ask(jira, 'add_comment', { issue_key: 'SEC-101', comment: `c${at}` });
    }
    const { value } = await caller.ask(jira, 'get_issue_details', { issue_key: 'SEC-101' });
    const { comments } = value['issue'] as { comments: { body: string }[] };
    expect([comments.length, comments[0]?.body, comments.at(-1)?.body]).toEqual([20, 'c5', 'c24']);
    const missing = await caller.ask(jira, 'add_comment', { issue_key: 'SEC-9', comment: 'x' });
    expect(missing.value).toMatchObject({ success: false, error_code: 'ISSUE_NOT_FOUND' });
  });
});

test('an account is disabled until it is enabled again', async () => {
  const caller = callerOf(product('IT/LDAP'), product('IT/cmdb'));
  const owner = await caller.ask('IT/cmdb', 'query_ip_environment_info', { ip: '10.20.1.15' });
  const { owner: username } = owner.value['asset'] as { owner: string };
  await caller.ask('IT/LDAP', 'disable_ad_user', { username, reason: '账号失陷' });
  expect((await caller.ask('IT/LDAP', 'query_ad_user_info', { username })).value).toMatchObject({
    display_name: '张伟',
    enabled: false,
    changed_reason: '账号失陷',
  });
  await caller.ask('IT/LDAP', 'enable_ad_user', { username });
  expect((await caller.ask('IT/LDAP', 'query_ad_user_info', { username })).value['enabled']).toBe(true);
  const nobody = await caller.ask('IT/LDAP', 'disable_ad_user', { username: 'nobody' });
  expect(nobody.value).toMatchObject({ success: false, error_code: 'USER_NOT_FOUND' });
  const mine = await caller.ask('IT/cmdb', 'query_assets_by_ad_username', { username, asset_type: 'workstation' });
  expect(mine.value).toMatchObject({ total: 1, assets: [{ name: 'PC-ZHANGWEI' }] });
});

test('a group has the members that were added', async () => {
  const weChat = 'IM/WeChat';
  const caller = callerOf(product(weChat));
  const made = await caller.ask(weChat, 'create_group_chat', { name: '事件 "1"', members: ['lina', 'lina'] });
  const group_id = made.value['group_id'];
  const added = await caller.ask(weChat, 'add_group_members', { group_id, members: ['lina', 'zhangwei'] });
  expect(added.value).toMatchObject({ success: true, added: 1, total: 2 });
  expect((await caller.ask(weChat, 'get_group_members', { group_id })).value).toMatchObject({
    name: '事件 "1"',
    members: ['lina', 'zhangwei'],
  });
  expect((await caller.ask(weChat, 'get_group_members', { group_id: 'G-1' })).value['total']).toBe(2);
  expect((await caller.ask(weChat, 'get_group_members', { group_id: 'G-9' })).value['success']).toBe(false);
  expect((await caller.ask(weChat, 'get_user_info', { user_id: 'lina' })).value['name']).toBe('李娜');
});

test('a meeting is scheduled, joined, recorded and ended', async () => {
  const meeting = 'Meeting/TencentMeeting';
  const caller = callerOf(product(meeting));
  const start_time = '2026-01-20T10:00:00+08:00';
  const made = await caller.ask(meeting, 'schedule_meeting', { subject: '复盘', start_time, participants: ['lina'] });
  const meeting_id = made.value['meeting_id'];
  const other = await caller.ask(meeting, 'create_instant_meeting', { subject: '应急' });
  expect(other.value['meeting_id']).not.toBe(meeting_id);
  async function ask(action: string, more: Record<string, unknown> = {}) {
    return (await caller.ask(meeting, action, { meeting_id, ...more })).value;
  }
  expect(await ask('start_recording')).toMatchObject({ success: false, error_code: 'MEETING_NOT_ONGOING' });
  await ask('invite_participants', { participants: ['zhangwei', 'lina'] });
  await ask('join_meeting', { user_id: 'chenjing' });
  expect(await ask('get_participant_list')).toMatchObject({ participants: ['lina', 'zhangwei', 'chenjing'], total: 3 });
  expect(await ask('start_recording')).toMatchObject({ success: true });
  const { file_url } = await ask('stop_recording');
  expect(await ask('stop_recording')).toMatchObject({ success: false, error_code: 'NOT_RECORDING' });
  await ask('end_meeting');
  expect(await ask('get_meeting_details')).toMatchObject({
    meeting: { subject: '复盘', start_time, status: 'ended', recording: { status: 'stopped', files: [file_url] } },
  });
  expect(await ask('join_meeting')).toMatchObject({ success: false, error_code: 'MEETING_ENDED' });
});

describe('a Huawei switch', () => {
  const huawei = 'Network/HuaweiSwitch';
  const port = 'GigabitEthernet0/0/4';

  test('puts an interface into a VLAN that there is', async () => {
    const caller = callerOf(product(huawei));
    async function put(name: string, vlan_id: number) {
      return (await caller.ask(huawei, 'configure_interface_vlan', { interface: name, vlan_id })).value;
    }
    expect(await put(port, 30)).toMatchObject({ success: false, error_code: 'VLAN_NOT_FOUND' });
    expect((await caller.ask(huawei, 'create_vlan', { vlan_id: 5_000 })).value['success']).toBe(false);
    await caller.ask(huawei, 'create_vlan', { vlan_id: 30, name: 'GUEST' });
    expect((await caller.ask(huawei, 'display_vlan_all')).value['vlans']).toContainEqual({
      vlan_id: 30,
      name: 'GUEST',
      status: 'up',
    });
    expect(await put('Ethernet9', 30)).toMatchObject({ success: false, error_code: 'WRONG_INTERFACE' });
    expect(await put(port, 30)).toMatchObject({ success: true, previous_vlan: 1 });
    const { value } = await caller.ask(huawei, 'display_interface_detail', { interface: port });
    expect(value['interface']).toMatchObject({ vlan: 30, link_type: 'access' });
  });

  test('loses what was not saved when it restarts', async () => {
    const caller = callerOf(product(huawei));
    async function shown() {
      const { value } = await caller.ask(huawei, 'display_current_configuration', { section: 'vlan' });
      return { vlans: Object.keys(value['configuration'] as object), unsaved: value['unsaved_changes'] };
    }
    await caller.ask(huawei, 'create_vlan', { vlan_id: 30 });
    expect(await shown()).toEqual({ vlans: ['1', '10', '20', '30'], unsaved: true });
    await caller.ask(huawei, 'save_configuration');
    expect((await shown()).unsaved).toBe(false);
    await caller.ask(huawei, 'create_vlan', { vlan_id: 40 });
    await caller.ask(huawei, 'reboot_device');
    expect(await shown()).toEqual({ vlans: ['1', '10', '20', '30'], unsaved: false });
    await caller.ask(huawei, 'create_vlan', { vlan_id: 40 });
    await caller.ask(huawei, 'reboot_device', { save_first: true });
    expect(await shown()).toEqual({ vlans: ['1', '10', '20', '30', '40'], unsaved: false });
  });
});

test('ports of a Cisco 3750 keep their VLAN', async () => {
  const cisco = 'Network/Cisco3750';
  const caller = callerOf(product(cisco));
  const port = { interface: 'GigabitEthernet1/0/3', vlan_id: 200 };
  expect((await caller.ask(cisco, 'configure_port', port)).value['success']).toBe(false);
  await caller.ask(cisco, 'configure_vlan', { vlan_id: 200, name: 'GUEST' });
  await caller.ask(cisco, 'configure_port', { ...port, shutdown: true });
  const { value } = await caller.ask(cisco, 'show_interfaces', { interface: port.interface });
  expect(value['interfaces']).toMatchObject([{ vlan: 200, status: 'disabled' }]);
});

test('a router shows the routes that were configured, and whether they are saved', async () => {
  const router = 'Network/CiscoRouter';
  const caller = callerOf(product(router));
  const route = { destination: '10.50.0.0/16', next_hop: '10.20.1.254' };
  await caller.ask(router, 'configure_static_route', route);
  expect((await caller.ask(router, 'show_ip_route')).value['routes']).toContainEqual({
    code: 'S',
    ...route,
    distance: 1,
  });
  expect((await caller.ask(router, 'show_running_config')).value['unsaved_changes']).toBe(true);
  await caller.ask(router, 'save_configuration');
  expect((await caller.ask(router, 'show_running_config')).value['unsaved_changes']).toBe(false);
});
