import type { Translation } from '../../locales/translation.ts';
import type { words as english } from './words.en.ts';

export const words = {
  family: 'Docker 引擎',
  about: '关于此引擎',
  all: '全部引擎',
  cpuOfAll: '全部容器的 CPU',
  disk: '磁盘',
  host: '地址',
  lead: '底层的机器及其承载的内容。',
  loadFailed: '无法查询引擎',
  measure: '重新统计',
  memoryOfAll: '全部容器的内存',
  networkOfAll: '全部容器的网络',
  ofProcessors_other: '共 {{count}} 个处理器',
  processors: '处理器',
  reclaimable: '最多可释放 {{size}}',
  runningOf: '{{running}} 个运行，{{stopped}} 个停止',
  storage: '存储驱动',
  swarm: 'Swarm',
  system: '系统',
  title: '引擎',
  usual: '默认',
  version: '版本',
  warnings: '引擎的警告',
  use: {
    images: '镜像',
    containers: '容器',
    volumes: '卷',
    buildCache: '构建缓存',
  },
} satisfies Translation<typeof english>;
