import { useTranslation } from 'react-i18next';
import type { GeneratedTool } from '../../lib/api-types.ts';
import { TextDiff } from '../../ui/editor/text-diff.tsx';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Disclosure } from '../../ui/layout/disclosure.tsx';
import { Code } from '../../ui/text/code.tsx';

const tones = { added: 'ok', changed: 'warn', removed: 'bad' } as const;

/** All that a generated tool is made of, with what differs from what was reviewed before. */
export function ReviewFiles({ tool }: { tool: GeneratedTool }) {
  const { t } = useTranslation();
  const { files, readme, dependencies, before, changes } = tool;
  const changeOf = new Map(changes.files.map((change) => [change.path, change]));
  const removed = before?.files.filter(({ path }) => changeOf.get(path)?.change === 'removed') ?? [];
  const texts = [
    { path: t('servers.review.readme'), text: readme },
    { path: t('servers.review.dependencies'), text: dependencies },
  ];
  return (
    <ul aria-label={t('servers.review.files')} className="flex flex-col gap-2">
      {[...files, ...removed].map(({ path, text }) => {
        const found = before === null ? undefined : changeOf.get(path);
        return (
          <li key={path}>
            <Disclosure
              boxed
              open={found !== undefined || path === tool.main}
              title={
                <>
                  <span className="font-mono text-sm">{path}</span>
                  {found && <Badge tone={tones[found.change]}>{t(`servers.review.${found.change}`)}</Badge>}
                </>
              }
            >
              {found?.diff ? <TextDiff name={path} diff={found.diff} /> : <Code text={text} label={path} wrap />}
            </Disclosure>
          </li>
        );
      })}
      {texts
        .filter(({ text }) => text.trim() !== '')
        .map(({ path, text }) => (
          <li key={path}>
            <Disclosure boxed title={path}>
              <Code text={text} label={path} wrap />
            </Disclosure>
          </li>
        ))}
    </ul>
  );
}
