import { text, writes } from './kit.ts';

/** The answer to a message that was sent. */
export function sent(type: string, more = ''): string {
  return `{
  "success": true,
  "message_id": "msg_{{ 'string.numeric' | fake: 12 }}",
  "type": "${type}",
  "receiver": {{ arguments.receiver | json }},
  ${more}"status": "sent",
  "sent_at": {{ call.time | json }}
}`;
}

export const receiver = text('receiver*', '接收人账号或群编号 (receiver)，例如 zhangwei');

export const sendMarkdown = writes('send_markdown_message', {
  displayName: '发送 Markdown 消息 (Send a Markdown message)',
  description: '向用户或群发送 Markdown 格式的消息。(Sends a message in Markdown.)',
  parameters: [receiver, text('content*', 'Markdown 正文 (content)')],
  body: sent('markdown', '"length": {{ arguments.content | size }},\n  '),
});
