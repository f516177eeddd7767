import { dialectRouter } from '../kit/route.ts';
import * as chat from './chat.ts';
import * as models from './models.ts';

/** The API for programs that were written for OpenAI, as far as the hub has it. */
export const openaiRouter = dialectRouter({ models: dialectRouter(models), chat: dialectRouter(chat) });
