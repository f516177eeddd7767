import { dialectRouter } from '../kit/route.ts';
import { me, register, token } from './auth.ts';
import { chat, chatLater, config, result } from './claude.ts';
import { down, status, up } from './compose.ts';
import { create, get, kill, list, pause, remove, restart, start, stop, unpause } from './containers.ts';
import { archive, file, logs, stats } from './output.ts';

/** The containers API, in the order of its document. */
export const containersRouter = dialectRouter({
  auth: dialectRouter({ register, token, me }),
  containers: dialectRouter({
    list,
    get,
    create,
    start,
    stop,
    remove,
    logs,
    restart,
    pause,
    unpause,
    kill,
    stats,
    file,
    archive,
  }),
  compose: dialectRouter({ up, down, status }),
  claude: dialectRouter({ config, chat, chatLater, result }),
});
