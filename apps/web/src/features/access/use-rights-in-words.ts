import type { ParseKeys } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Outputs } from '../../lib/trpc.ts';

type Right = Outputs['access']['rights'][number];
type FamilyOf<Action> = Action extends `${infer Word}.${string}` ? Word : never;
type Family = FamilyOf<Right['action']>;

/** What rights are about that no feature is named after. */
const otherFamilies = [
  'access',
  'account',
  'app-token',
  'audit',
  'budget',
  'config',
  'grant',
  'hub',
  'log',
  'metrics',
  'monitoring',
  'secret',
  'session',
  'simulator',
  'webhook',
] as const;
type OtherFamily = (typeof otherFamilies)[number];

function isOther(family: Family): family is OtherFamily {
  return otherFamilies.some((other) => other === family);
}

/** The word of the feature, which is named after many of them. */
function familyWord(family: Family): ParseKeys {
  return isOther(family) ? `access.family.${family}` : `${family}s.family`;
}

/** A colon in a key would be taken for the end of a namespace. */
const ruleWords = {
  none: 'access.rule.none',
  'server:see': 'access.rule.serverSee',
  'server:inspect': 'access.rule.serverInspect',
  'server:use': 'access.rule.serverUse',
  'server:write': 'access.rule.serverWrite',
  'server:own': 'access.rule.serverOwn',
  'group:member': 'access.rule.groupMember',
  'group:manager': 'access.rule.groupManager',
  'engine:any': 'access.rule.engineAny',
  'engine:see': 'access.rule.engineSee',
  'engine:own': 'access.rule.engineOwn',
  'model:see': 'access.rule.modelSee',
  'model:own': 'access.rule.modelOwn',
  'conversation:see': 'access.rule.conversationSee',
  'conversation:own': 'access.rule.conversationOwn',
  'app:see': 'access.rule.appSee',
  'app:own': 'access.rule.appOwn',
  'graph:see': 'access.rule.graphSee',
  'graph:own': 'access.rule.graphOwn',
  own: 'access.rule.own',
} as const satisfies Record<Right['rule'], ParseKeys>;

/** A right as people read it. */
export interface RightInWords {
  action: string;
  kind: Right['kind'];
  /** What it is about: its heading. */
  family: string;
  kindWord: string;
  who: string;
  /** What gives it besides; null where nothing does. */
  orWho: string | null;
  keys: string;
  at: string;
  /** What a search looks through. */
  text: string;
}

/** The table of rights in the reader's language, in its own order. */
export function useRightsInWords(rights: readonly Right[]): RightInWords[] {
  const { t } = useTranslation();
  return rights.map(({ action, kind, least, grant, keys, rule }) => {
    const words = {
      family: t(familyWord(action.slice(0, action.indexOf('.')) as Family)),
      kindWord: t(`access.kind.${kind}`),
      who: t(`access.least.${least}`),
      orWho: grant && t('access.orGrant', { grant: t(`grant.${grant}`) }),
      keys: t(`access.keyRule.${keys}`),
      at: t(ruleWords[rule]),
    };
    const text = [action, grant ?? '', ...Object.values(words)].join('\n').toLowerCase();
    return { action, kind, ...words, text };
  });
}
