import { world } from '../kit/example-world.ts';
import { fieldOf } from '../kit/family-parts.ts';
import type { Problem, RouteAnswer } from '../kit/problem.ts';
import { routesOf } from '../kit/route.ts';

/** The documented message for a category or a name with other characters. */
const nameRule = '应用名称只能包含字母、数字、下划线和连字符';

function isName(problem: Problem): boolean {
  return (
    problem.issues?.some(
      (issue) => ['category', 'name'].includes(fieldOf(issue)) && !issue.missing && issue.code === 'invalid_format',
    ) ?? false
  );
}

function invalid(problem: Problem): RouteAnswer {
  return isName(problem) ? { message: nameRule } : {};
}

export const route = routesOf({
  name: 'simulator',
  fields: {
    currentPassword: 'old_password',
    newPassword: 'new_password',
    displayName: 'display_name',
    aiNotes: 'ai_notes',
    initialState: 'initial_state',
    apps: 'app_ids',
  },
  answers: { invalid },
  shown: { app_id: String(world.app), token_id: String(world.appToken), prompt_id: '1' },
});
