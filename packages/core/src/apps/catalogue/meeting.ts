import type { CreateApp } from '../schema.ts';
import { destroys, flag, list, reads, roomIn, text, unlessFailed, whole, writes } from './kit.ts';

const meetingId = text('meeting_id*', '会议号 (meeting ID)，例如 600100001');
const participants = list('participants', '参会人账号 (participants)', { default: [] });
const find = '{% assign meeting = state.meetings[arguments.meeting_id] %}';
const path = '/meetings/{{ arguments.meeting_id | pointer }}';
/** The number of a new meeting; a model says its own. */
const newId = '{% assign id = 600100001 | plus: state.meeting_count | append: "" %}';

function withMeeting(body: string): string {
  return `${find}{% if meeting.meeting_id %}${body}{% else %}{
  "success": false,
  "error_code": "MEETING_NOT_FOUND",
  "message": {{ '会议不存在：' | append: arguments.meeting_id | json }}
}{% endif %}`;
}

function changesOf(operations: string): string {
  return unlessFailed(`${find}{% if meeting.meeting_id %}[${operations}]{% endif %}`);
}

/** Makes a meeting, with what its kind has besides. */
function made(status: string, start: string) {
  return {
    body: `${newId}{
  "success": true,
  "meeting_id": {{ id | json }},
  "subject": {{ arguments.subject | json }},
  "status": "${status}",
  "start_time": {{ ${start} | json }},
  "duration_minutes": {{ arguments.duration_minutes | json }},
  "join_url": {{ 'https://meeting.example.com/j/' | append: id | json }},
  "host_key": {{ 'string.numeric' | fake: 6 | json }},
  "participants": {{ arguments.participants | uniq | json }}
}`,
    changes:
      unlessFailed(`${newId}{% assign id = answer.meeting_id | default: id | append: '' %}[${roomIn('meetings', 50)}{
  "op": "add",
  "path": "/meetings/{{ id | pointer }}",
  "value": {
    "meeting_id": {{ id | json }},
    "subject": {{ arguments.subject | slice: 0, 200 | json }},
    "status": "${status}",
    "start_time": {{ ${start} | slice: 0, 50 | json }},
    "duration_minutes": {{ arguments.duration_minutes | json }},
    "participants": {{ arguments.participants | uniq | slice: 0, 200 | json }},
    "recording": {"status": "stopped", "files": []}
  }
}, {"op": "add", "path": "/meeting_count", "value": {{ state.meeting_count | plus: 1 }}}]`),
  };
}

const duration = whole('duration_minutes', '时长，单位分钟 (minutes)', { default: 60 });

const createInstant = writes('create_instant_meeting', {
  displayName: '创建快速会议 (Create an instant meeting)',
  description: '立即开始一场会议，返回会议号和入会链接。(Begins a meeting at once.)',
  parameters: [text('subject*', '会议主题 (subject)'), duration, participants],
  ...made('ongoing', 'call.time'),
});

const schedule = writes('schedule_meeting', {
  displayName: '预约会议 (Schedule a meeting)',
  description: '预约指定时间的会议，返回会议号和入会链接。(Schedules a meeting.)',
  parameters: [
    text('subject*', '会议主题 (subject)'),
    text('start_time*', '开始时间 (start time)，ISO 8601 格式，例如 2026-01-20T10:00:00+08:00'),
    duration,
    participants,
  ],
  ...made('scheduled', 'arguments.start_time'),
});

const join = writes('join_meeting', {
  displayName: '加入会议 (Join a meeting)',
  description: '以指定账号加入会议，会议随之开始。(Joins a meeting.)',
  parameters: [meetingId, text('user_id', '参会人账号 (user ID)', { default: 'api-user' })],
  body: withMeeting(`{% if meeting.status == 'ended' %}{"success": false, "error_code": "MEETING_ENDED", "message": "会议已结束"}{% else %}{
  "success": true,
  "meeting_id": {{ meeting.meeting_id | json }},
  "user_id": {{ arguments.user_id | json }},
  "status": "ongoing",
  "joined_at": {{ call.time | json }}
}{% endif %}`),
  changes:
    unlessFailed(`${find}{% assign one = arguments.user_id | slice: 0, 100 %}{% if meeting.meeting_id and meeting.status != 'ended' %}[
  {"op": "add", "path": "${path}/status", "value": "ongoing"},
  {"op": "add", "path": "${path}/participants", "value": {{ meeting.participants | push: one | uniq | slice: 0, 200 | json }}}
]{% endif %}`),
});

const end = destroys('end_meeting', {
  displayName: '结束会议 (End a meeting)',
  description: '结束会议并停止录制。(Ends a meeting and its recording.)',
  parameters: [meetingId],
  body: withMeeting(`{
  "success": true,
  "meeting_id": {{ meeting.meeting_id | json }},
  "previous_status": {{ meeting.status | json }},
  "status": "ended",
  "ended_at": {{ call.time | json }}
}`),
  changes: changesOf(`
  {"op": "add", "path": "${path}/status", "value": "ended"},
  {"op": "add", "path": "${path}/recording/status", "value": "stopped"}`),
});

const details = reads('get_meeting_details', {
  displayName: '获取会议详情 (Get the details of a meeting)',
  description: '返回会议主题、状态、时间、参会人和录制情况。(Tells everything about a meeting.)',
  parameters: [meetingId],
  body: withMeeting(`{"success": true, "meeting": {{ meeting | json }}}`),
});

const invite = writes('invite_participants', {
  displayName: '邀请参会人 (Invite participants)',
  description: '邀请更多参会人并发送通知。(Invites further participants.)',
  parameters: [
    meetingId,
    list('participants*', '参会人账号 (participants)'),
    flag('notify', '是否发送通知 (notify)', { default: true }),
  ],
  body: withMeeting(`{% assign all = meeting.participants | concat: arguments.participants | uniq %}{
  "success": true,
  "meeting_id": {{ meeting.meeting_id | json }},
  "invited": {{ all.size | minus: meeting.participants.size }},
  "total": {{ all.size }},
  "notified": {{ arguments.notify | json }}
}`),
  changes: changesOf(`
  {"op": "add", "path": "${path}/participants", "value": {{ meeting.participants | concat: arguments.participants | uniq | slice: 0, 200 | json }}}`),
});

const getParticipants = reads('get_participant_list', {
  displayName: '获取参会人列表 (Get the participants)',
  description: '返回会议的全部参会人。(Lists the participants of a meeting.)',
  parameters: [meetingId],
  body: withMeeting(`{
  "success": true,
  "meeting_id": {{ meeting.meeting_id | json }},
  "participants": {{ meeting.participants | json }},
  "total": {{ meeting.participants.size }}
}`),
});

const startRecording = writes('start_recording', {
  displayName: '开始录制 (Start the recording)',
  description: '开始录制正在进行的会议。(Records a meeting that is under way.)',
  parameters: [meetingId],
  body: withMeeting(`{% if meeting.status == 'ongoing' %}{
  "success": true,
  "meeting_id": {{ meeting.meeting_id | json }},
  "recording": "recording",
  "started_at": {{ call.time | json }}
}{% else %}{"success": false, "error_code": "MEETING_NOT_ONGOING", "message": "会议没有在进行，不能录制"}{% endif %}`),
  changes: unlessFailed(
    `${find}{% if meeting.status == 'ongoing' %}[{"op": "add", "path": "${path}/recording/status", "value": "recording"}]{% endif %}`,
  ),
});

const stopRecording = writes('stop_recording', {
  displayName: '停止录制 (Stop the recording)',
  description: '停止录制，返回录制文件的地址。(Ends the recording.)',
  parameters: [meetingId],
  body: withMeeting(`{% if meeting.recording.status == 'recording' %}{
  "success": true,
  "meeting_id": {{ meeting.meeting_id | json }},
  "recording": "stopped",
  "file_url": {{ 'https://meeting.example.com/r/' | append: call.number | append: '.mp4' | json }},
  "stopped_at": {{ call.time | json }}
}{% else %}{"success": false, "error_code": "NOT_RECORDING", "message": "会议没有在录制"}{% endif %}`),
  changes: unlessFailed(`${find}{% if meeting.recording.status == 'recording' %}[
  {% if meeting.recording.files.size >= 20 %}{"op": "remove", "path": "${path}/recording/files/0"},{% endif %}
  {"op": "add", "path": "${path}/recording/status", "value": "stopped"},
  {"op": "add", "path": "${path}/recording/files/-", "value": {{ 'https://meeting.example.com/r/' | append: call.number | append: '.mp4' | json }}}
]{% endif %}`),
});

export const tencentMeeting: CreateApp = {
  category: 'Meeting',
  name: 'TencentMeeting',
  displayName: '腾讯会议 (Tencent Meeting)',
  description: '快速会议、预约会议、参会人和录制；创建的会议会被记住。(Meetings, participants and recordings.)',
  aiNotes:
    '会议以状态中的 meetings 为准，不存在的会议号返回 success 为 false。新会议的 meeting_id 为 600100001 加 meeting_count，是字符串。',
  enabled: true,
  initialState: { meetings: {}, meeting_count: 0 },
  actions: [createInstant, schedule, join, end, details, invite, getParticipants, startRecording, stopRecording],
};
