import type { CreateApp } from '../schema.ts';
import { receiver, sendMarkdown, sent } from './im-messages.ts';
import { list, oneOf, reads, roomIn, text, unlessFailed, writes } from './kit.ts';
import { users } from './world.ts';

const groupId = text('group_id*', '群编号 (group ID)，例如 G-1');
const find = '{% assign group = state.wechat.groups[arguments.group_id] %}';

function withGroup(body: string): string {
  return `${find}{% if group.group_id %}${body}{% else %}{
  "success": false,
  "error_code": "GROUP_NOT_FOUND",
  "message": {{ '群不存在：' | append: arguments.group_id | json }}
}{% endif %}`;
}

const createGroup = writes('create_group_chat', {
  displayName: '创建群聊 (Create a group chat)',
  description: '创建群聊并加入成员，返回群编号。(Makes a group.)',
  parameters: [
    text('name*', '群名称 (name)'),
    list('members*', '成员账号列表 (members)'),
    text('owner', '群主账号 (owner)', { default: 'api-user' }),
  ],
  body: `{
  "success": true,
  "group_id": "G-{{ state.wechat.next_group }}",
  "name": {{ arguments.name | json }},
  "owner": {{ arguments.owner | json }},
  "members": {{ arguments.members | uniq | json }},
  "created_at": {{ call.time | json }}
}`,
  changes:
    unlessFailed(`{% assign id = 'G-' | append: state.wechat.next_group %}{% assign id = answer.group_id | default: id %}[${roomIn('wechat.groups', 50)}{
  "op": "add",
  "path": "/wechat/groups/{{ id | pointer }}",
  "value": {
    "group_id": {{ id | json }},
    "name": {{ arguments.name | slice: 0, 200 | json }},
    "owner": {{ arguments.owner | slice: 0, 100 | json }},
    "members": {{ arguments.members | uniq | slice: 0, 200 | json }}
  }
}, {"op": "add", "path": "/wechat/next_group", "value": {{ state.wechat.next_group | plus: 1 }}}]`),
});

const addMembers = writes('add_group_members', {
  displayName: '添加群成员 (Add members to a group)',
  description: '把成员加入已有的群聊；已在群中的成员不会重复。(Adds members to a group.)',
  parameters: [groupId, list('members*', '要加入的成员账号 (members)')],
  body: withGroup(`{% assign all = group.members | concat: arguments.members | uniq %}{
  "success": true,
  "group_id": {{ group.group_id | json }},
  "added": {{ all.size | minus: group.members.size }},
  "total": {{ all.size }}
}`),
  changes: unlessFailed(`${find}{% if group.group_id %}[{
  "op": "add",
  "path": "/wechat/groups/{{ arguments.group_id | pointer }}/members",
  "value": {{ group.members | concat: arguments.members | uniq | slice: 0, 200 | json }}
}]{% endif %}`),
});

const getMembers = reads('get_group_members', {
  displayName: '获取群成员 (Get the members of a group)',
  description: '返回群名称、群主和全部成员。(Lists the members of a group.)',
  parameters: [groupId],
  body: withGroup(`{
  "success": true,
  "group_id": {{ group.group_id | json }},
  "name": {{ group.name | json }},
  "owner": {{ group.owner | json }},
  "members": {{ group.members | json }},
  "total": {{ group.members.size }}
}`),
});

const getUser = reads('get_user_info', {
  displayName: '获取用户信息 (Get a user)',
  description: '返回用户的姓名、部门、职务和联系方式。(Tells who somebody is.)',
  parameters: [text('user_id*', '用户账号 (user ID)，例如 zhangwei')],
  body: `{% assign user = state.users[arguments.user_id] %}{% if user.username %}{
  "success": true,
  "user_id": {{ user.username | json }},
  "name": {{ user.display_name | json }},
  "department": {{ user.department | json }},
  "title": {{ user.title | json }},
  "email": {{ user.email | json }},
  "mobile": {{ user.phone | json }},
  "status": {% if user.enabled %}"active"{% else %}"disabled"{% endif %}
}{% else %}{
  "success": false,
  "error_code": "USER_NOT_FOUND",
  "message": {{ '用户不存在：' | append: arguments.user_id | json }}
}{% endif %}`,
});

export const weChat: CreateApp = {
  category: 'IM',
  name: 'WeChat',
  displayName: '微信 (WeChat)',
  description: '发送消息、管理群聊和成员、查询用户；创建的群会被记住。(Messages, groups and their members.)',
  aiNotes: '群以状态中的 wechat.groups 为准，用户以 users 为准；新群的 group_id 为 G- 加 wechat.next_group。',
  enabled: true,
  initialState: {
    users,
    wechat: {
      next_group: 2,
      groups: {
        'G-1': { group_id: 'G-1', name: '安全应急响应群', owner: 'chenjing', members: ['chenjing', 'wangqiang'] },
      },
    },
  },
  actions: [
    writes('send_text_message', {
      displayName: '发送文本消息 (Send a text message)',
      description: '向用户或群发送文本消息。(Sends a text.)',
      parameters: [receiver, text('content*', '消息正文 (content)')],
      body: sent('text', '"content": {{ arguments.content | json }},\n  '),
    }),
    sendMarkdown,
    writes('send_image_message', {
      displayName: '发送图片消息 (Send an image message)',
      description: '向用户或群发送图片。(Sends an image.)',
      parameters: [receiver, text('image_url*', '图片地址 (image URL)'), text('caption', '图片说明 (caption)')],
      body: sent('image', '"media_id": {{ \'string.alphanumeric\' | fake: 20 | json }},\n  '),
    }),
    writes('send_file_message', {
      displayName: '发送文件消息 (Send a file message)',
      description: '向用户或群发送文件。(Sends a file.)',
      parameters: [
        receiver,
        text('file_url*', '文件地址 (file URL)'),
        text('file_name', '显示的文件名 (file name)', { default: 'report.pdf' }),
        oneOf('file_type', '文件类型 (file type)', ['document', 'archive', 'other'], 'document'),
      ],
      body: sent(
        'file',
        '"file_name": {{ arguments.file_name | json }},\n  "file_size": {{ \'number.int\' | fake: 1024, 8388608 }},\n  ',
      ),
    }),
    createGroup,
    addMembers,
    getMembers,
    getUser,
  ],
};
