import type { CreateApp } from '../schema.ts';
import { receiver, sendMarkdown, sent } from './im-messages.ts';
import { list, text, writes } from './kit.ts';

export const weWork: CreateApp = {
  category: 'IM',
  name: 'WeWork',
  displayName: '企业微信 (WeWork)',
  description: '发送纯文本和 Markdown 消息。(Sends messages to colleagues and groups.)',
  aiNotes: '发送成功时返回 message_id 和 status 为 sent。',
  enabled: true,
  actions: [
    writes('send_plain_text_message', {
      displayName: '发送文本消息 (Send a plain text message)',
      description: '向用户或群发送纯文本消息，可提醒指定成员。(Sends a plain text.)',
      parameters: [
        receiver,
        text('content*', '消息正文 (content)'),
        list('mentioned', '提醒的成员账号 (mentioned users)', { default: [] }),
      ],
      body: sent(
        'text',
        '"content": {{ arguments.content | json }},\n  "mentioned": {{ arguments.mentioned | json }},\n  ',
      ),
    }),
    sendMarkdown,
  ],
};
