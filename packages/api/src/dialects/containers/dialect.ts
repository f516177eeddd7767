import { fastapi } from '../kit/families.ts';
import { lacksCredentials, type Problem, type RouteAnswer } from '../kit/problem.ts';
import { routesOf } from '../kit/route.ts';

const credentialsNeeded = (problem: Problem): RouteAnswer => {
  if (problem.details?.['disabled'] === true) return { status: 400, message: '用户已禁用' };
  return { message: lacksCredentials(problem) ? 'Not authenticated' : '无法验证凭据' };
};

export const containersDialect = {
  name: 'containers',
  title: 'Containers',
  family: fastapi,
  answers: { unauthenticated: credentialsNeeded },
} as const;
export const route = routesOf(containersDialect);
