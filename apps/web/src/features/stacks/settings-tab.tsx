import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/feedback/badge.tsx';
import { Button } from '../../ui/form/button.tsx';
import { SwitchRow } from '../../ui/form/switch.tsx';
import { Card, Fact, Facts } from '../../ui/layout/card.tsx';
import { CopyText } from '../../ui/text/copy.tsx';
import { Time } from '../../ui/text/time.tsx';
import { LastResult } from './last-result.tsx';
import { useStackPage } from './stack-context.ts';
import { useStackActions } from './use-stack-actions.ts';

export function StackSettingsTab() {
  const { t } = useTranslation();
  const { stack, busy, follow } = useStackPage();
  const actions = useStackActions(follow);
  const [volumes, setVolumes] = useState(false);
  return (
    <div className="flex max-w-3xl flex-col gap-6">
      <Card title={t('stacks.about')}>
        <Facts>
          <Fact name={t('stacks.project')}>
            {stack.project} {stack.adopted && <Badge>{t('stacks.isAdopted')}</Badge>}
          </Fact>
          <Fact name={t('engine.name')}>{stack.engine}</Fact>
          {stack.folder !== null && (
            <Fact name={t('stacks.folder')}>
              <CopyText text={stack.folder} />
            </Fact>
          )}
          <Fact name={t('stacks.fileName')}>
            <code className="font-mono text-sm">{stack.file}</code>
          </Fact>
          <Fact name={t('common.owner')}>{stack.ownerName ?? '–'}</Fact>
          <Fact name={t('common.created')}>
            <Time value={stack.createdAt} />
          </Fact>
          <Fact name={t('stacks.deployed')}>
            <Time value={stack.deployedAt} none={t('common.never')} />
          </Fact>
          <Fact name={t('stacks.lastRun')}>
            <LastResult result={stack.lastResult} />
          </Fact>
        </Facts>
        <p className="mt-4 text-sm text-ink-3">{t('stacks.byHand')}</p>
      </Card>
      <Card title={t('stacks.danger')}>
        <div className="flex flex-col gap-4">
          <p className="text-ink-2">{t('stacks.removeHint')}</p>
          <SwitchRow
            label={t('stacks.withVolumes')}
            hint={t('stacks.withVolumesHint')}
            checked={volumes}
            onChange={setVolumes}
          />
          <div>
            <Button
              look="danger"
              busy={busy || actions.busy}
              icon={<Trash2 aria-hidden className="size-4" />}
              onClick={() => void actions.remove(stack, volumes)}
            >
              {t('stacks.removeAction')}
            </Button>
          </div>
        </div>
      </Card>
    </div>
  );
}
