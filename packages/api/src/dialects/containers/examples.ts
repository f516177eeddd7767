import { world } from '../kit/example-world.ts';
import type {
  AccountUser,
  ClaudeAnswer,
  ClaudeConfig,
  ClaudeResult,
  ComposeStatus,
  WireContainer,
  WireStats,
} from './wire.ts';

/** Answers of the containers API, as the document shows them. */

const user: AccountUser = {
  id: world.userId,
  username: 'zhangsan',
  email: 'z@example.com',
  full_name: '张三',
  disabled: false,
  created_at: world.before,
};

export const accounts = { user, token: { access_token: world.token, token_type: 'bearer' } };

const running: WireContainer = {
  id: '9f2c7d3e4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0',
  name: world.container,
  image: 'nginx:latest',
  status: 'running',
  created: world.before,
  ports: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '8080' }] },
  volumes: [{ source: '/srv/html', target: '/usr/share/nginx/html', type: 'bind' }],
  environment: { TZ: 'Asia/Shanghai' },
};

const stats: WireStats = {
  time: world.now,
  cpu_percent: 1.7,
  cpus: 4,
  memory_bytes: 12_582_912,
  memory_limit_bytes: 536_870_912,
  network_received_bytes: 1_204_224,
  network_sent_bytes: 845_312,
  block_read_bytes: 4_096,
  block_written_bytes: 0,
  pids: 5,
};

const logLine = { stream: 'stdout', time: world.now, text: 'GET / HTTP/1.1 200' };

export const containers = {
  list: [running],
  running,
  created: { ...running, status: 'created', volumes: [], environment: {} },
  exited: { ...running, status: 'exited' },
  paused: { ...running, status: 'paused' },
  logs: { logs: `${world.now} GET / HTTP/1.1 200\n` },
  logStream: `event: log\nid: ${world.now}\ndata: ${JSON.stringify(logLine)}\n\n`,
  stats,
  statsStream: `event: stats\ndata: ${JSON.stringify(stats)}\n\n`,
};

const status: ComposeStatus = {
  services: { web: { id: running.id, status: 'running', running: true } },
  is_running: true,
};

export const compose = {
  up: { status: 'success', message: 'Compose堆栈已成功部署', project: 'team-web' },
  down: { status: 'success', message: 'Compose堆栈已成功停止', project: 'team-web' },
  status,
};

const answer: ClaudeAnswer = {
  completion: '先写一个 Dockerfile，然后用 docker build 构建镜像，再用 docker run -p 8080:80 启动容器。',
  stop_reason: 'end_turn',
  model: world.claude,
};

export const claude = {
  config: {
    available_models: [world.claude],
    default_model: world.claude,
    max_tokens_limit: 4096,
    api_status: 'available',
  } satisfies ClaudeConfig,
  answer,
  asked: { status: 'processing', request_id: world.requestId, message: '请求已提交，正在处理中' },
  result: {
    request_id: world.requestId,
    status: 'completed',
    ...answer,
    created_at: world.before,
    completed_at: world.now,
  } satisfies ClaudeResult,
};
