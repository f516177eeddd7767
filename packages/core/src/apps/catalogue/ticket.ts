import type { CreateApp } from '../schema.ts';
import { oneOf, reads, roomIn, text, unlessFailed, whole, writes } from './kit.ts';

const statuses = ['待办', '处理中', '待验证', '已解决', '已关闭'];
const priorities = ['Highest', 'High', 'Medium', 'Low', 'Lowest'];
const key = text('issue_key*', '问题编号 (issue key)，例如 SEC-101');
const path = '/jira/issues/{{ arguments.issue_key | pointer }}';
const find = '{% assign issue = state.jira.issues[arguments.issue_key] %}';

/** An answer about an issue that there is. */
function withIssue(body: string): string {
  return `${find}{% if issue.issue_key %}${body}{% else %}{
  "success": false,
  "error_code": "ISSUE_NOT_FOUND",
  "message": {{ '问题不存在或无权查看：' | append: arguments.issue_key | json }}
}{% endif %}`;
}

/** Changes of an issue that there is. */
function changesOf(operations: string): string {
  return unlessFailed(`${find}{% if issue.issue_key %}[${operations},
  {"op": "add", "path": "${path}/updated_at", "value": {{ call.time | json }}}
]{% endif %}`);
}

const createIssue = writes('create_issue', {
  displayName: '创建问题 (Create an issue)',
  description: '在项目中创建问题，返回问题编号；之后可以查询、流转和评论。(Creates an issue.)',
  parameters: [
    text('project_key', '项目标识 (project key)', { default: 'SEC' }),
    text('summary*', '标题 (summary)'),
    text('description', '详细描述 (description)', { default: '' }),
    oneOf('issue_type', '问题类型 (issue type)', ['Task', 'Bug', 'Story', 'Incident'], 'Task'),
    oneOf('priority', '优先级 (priority)', priorities, 'Medium'),
    text('assignee', '经办人账号 (assignee)；为空表示未分配'),
  ],
  body: `{% assign key = arguments.project_key | append: '-' | append: state.jira.next_number %}{
  "success": true,
  "issue_id": {{ state.jira.next_number | plus: 10000 | append: '' | json }},
  "issue_key": {{ key | json }},
  "summary": {{ arguments.summary | json }},
  "issue_type": {{ arguments.issue_type | json }},
  "priority": {{ arguments.priority | json }},
  "assignee": {{ arguments.assignee | json }},
  "status": "待办",
  "created_at": {{ call.time | json }}
}`,
  changes:
    unlessFailed(`{% assign key = arguments.project_key | append: '-' | append: state.jira.next_number %}{% assign key = answer.issue_key | default: key %}[${roomIn('jira.issues', 100)}{
  "op": "add",
  "path": "/jira/issues/{{ key | pointer }}",
  "value": {
    "issue_key": {{ key | json }},
    "project_key": {{ arguments.project_key | slice: 0, 50 | json }},
    "summary": {{ arguments.summary | slice: 0, 255 | json }},
    "description": {{ arguments.description | slice: 0, 2000 | json }},
    "issue_type": {{ arguments.issue_type | json }},
    "priority": {{ arguments.priority | json }},
    "assignee": {{ arguments.assignee | json }},
    "reporter": "api-user",
    "status": "待办",
    "comments": [],
    "created_at": {{ call.time | json }},
    "updated_at": {{ call.time | json }}
  }
}, {"op": "add", "path": "/jira/next_number", "value": {{ state.jira.next_number | plus: 1 }}}]`),
});

const updateStatus = writes('update_issue_status', {
  displayName: '更新问题状态 (Update the status of an issue)',
  description: '将问题流转到另一个状态，可同时填写处理结果。(Moves an issue to another status.)',
  parameters: [
    key,
    oneOf('status*', '目标状态 (status)', statuses),
    text('resolution', '处理结果 (resolution)，关闭或解决时填写'),
  ],
  body: withIssue(`{
  "success": true,
  "issue_key": {{ issue.issue_key | json }},
  "previous_status": {{ issue.status | json }},
  "status": {{ arguments.status | json }},
  "resolution": {{ arguments.resolution | json }},
  "updated_at": {{ call.time | json }}
}`),
  changes: changesOf(`
  {"op": "add", "path": "${path}/status", "value": {{ arguments.status | json }}},
  {"op": "add", "path": "${path}/resolution", "value": {% if arguments.resolution %}{{ arguments.resolution | slice: 0, 500 | json }}{% else %}null{% endif %}}`),
});

const assignIssue = writes('assign_issue', {
  displayName: '分配问题 (Assign an issue)',
  description: '将问题分配给经办人。(Gives an issue to somebody.)',
  parameters: [key, text('assignee*', '经办人账号 (assignee)，例如 chenjing')],
  body: withIssue(`{
  "success": true,
  "issue_key": {{ issue.issue_key | json }},
  "previous_assignee": {{ issue.assignee | json }},
  "assignee": {{ arguments.assignee | json }},
  "updated_at": {{ call.time | json }}
}`),
  changes: changesOf(`
  {"op": "add", "path": "${path}/assignee", "value": {{ arguments.assignee | slice: 0, 100 | json }}}`),
});

const addComment = writes('add_comment', {
  displayName: '添加评论 (Add a comment)',
  description: '为问题添加评论；只保留最近 20 条。(Comments an issue.)',
  parameters: [
    key,
    text('comment*', '评论内容 (comment)'),
    text('author', '评论人账号 (author)', { default: 'api-user' }),
  ],
  body: withIssue(`{
  "success": true,
  "issue_key": {{ issue.issue_key | json }},
  "comment_id": {{ 'string.numeric' | fake: 6 | json }},
  "author": {{ arguments.author | json }},
  "comment": {{ arguments.comment | json }},
  "created_at": {{ call.time | json }}
}`),
  changes: changesOf(`{% if issue.comments.size >= 20 %}{"op": "remove", "path": "${path}/comments/0"},{% endif %}
  {"op": "add", "path": "${path}/comments/-", "value": {
    "author": {{ arguments.author | slice: 0, 100 | json }},
    "body": {{ arguments.comment | slice: 0, 1000 | json }},
    "created_at": {{ call.time | json }}
  }}`),
});

const getDetails = reads('get_issue_details', {
  displayName: '获取问题详情 (Get the details of an issue)',
  description: '返回问题的标题、描述、状态、经办人和评论。(Tells everything about an issue.)',
  parameters: [key],
  body: withIssue(`{"success": true, "issue": {{ issue | json }}}`),
});

const search = reads('search_issues', {
  displayName: '搜索问题 (Search issues)',
  description: '按项目、状态、经办人和关键字搜索问题。(Finds issues.)',
  parameters: [
    text('project_key', '项目标识 (project key)'),
    oneOf('status', '状态 (status)', statuses),
    text('assignee', '经办人账号 (assignee)'),
    text('keyword', '标题中的关键字 (keyword)'),
    whole('max_results', '最多返回的条数 (max results)', { default: 50 }),
  ],
  body: `{% assign found = 0 %}{"success": true, "issues": [{% for entry in state.jira.issues %}{% assign issue = entry[1] %}{% assign fits = true %}{% if found >= arguments.max_results %}{% assign fits = false %}{% endif %}{% if arguments.project_key and arguments.project_key != issue.project_key %}{% assign fits = false %}{% endif %}{% if arguments.status and arguments.status != issue.status %}{% assign fits = false %}{% endif %}{% if arguments.assignee and arguments.assignee != issue.assignee %}{% assign fits = false %}{% endif %}{% if arguments.keyword %}{% unless issue.summary contains arguments.keyword %}{% assign fits = false %}{% endunless %}{% endif %}{% if fits %}{% if found > 0 %},{% endif %}{% assign found = found | plus: 1 %}
  {"issue_key": {{ issue.issue_key | json }}, "summary": {{ issue.summary | json }}, "status": {{ issue.status | json }}, "priority": {{ issue.priority | json }}, "assignee": {{ issue.assignee | json }}}{% endif %}{% endfor %}], "total": {{ found }}}`,
});

export const jira: CreateApp = {
  category: 'Ticket',
  name: 'Jira',
  displayName: 'Jira 工单系统 (Jira)',
  description: '创建、流转、分配、评论、查询和搜索问题；创建的问题会被记住。(Issues from creation to closure.)',
  aiNotes:
    '问题以状态中的 jira.issues 为准，不存在的编号返回 success 为 false。新问题的 issue_key 为项目标识加 jira.next_number。',
  enabled: true,
  initialState: {
    jira: {
      next_number: 102,
      issues: {
        'SEC-101': {
          issue_key: 'SEC-101',
          project_key: 'SEC',
          summary: 'fin-web-01 出现反弹 Shell 告警',
          description: '主机 10.20.1.15 与 203.0.113.66:443 建立了连接，需要排查和处置。',
          issue_type: 'Incident',
          priority: 'Highest',
          assignee: 'chenjing',
          reporter: 'soc',
          status: '处理中',
          comments: [
            { author: 'chenjing', body: '已收到，正在核实主机情况。', created_at: '2025-12-01T02:10:00.000Z' },
          ],
          created_at: '2025-12-01T02:00:00.000Z',
          updated_at: '2025-12-01T02:10:00.000Z',
        },
      },
    },
  },
  actions: [createIssue, updateStatus, assignIssue, addComment, getDetails, search],
};
