import { useNavigate } from '@tanstack/react-router';
import { Play, RotateCw, Square } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ContainerDetails } from '../../lib/api-types.ts';
import { isOn } from '../../lib/container-state.ts';
import { useEngineName } from '../../lib/engine-search.ts';
import { Button } from '../../ui/form/button.tsx';
import { ContainerMenu } from './container-menu.tsx';
import { RunAsServer } from './run-as-server.tsx';
import { useContainerActions } from './use-container-actions.ts';

/** What may be done with the container, beside its name. */
export function ContainerButtons({ container }: { container: ContainerDetails }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const engine = useEngineName();
  const actions = useContainerActions();
  return (
    <>
      {container.server === null && <RunAsServer container={container} />}
      {!isOn(container) ? (
        <Button
          look="primary"
          busy={actions.busy}
          icon={<Play aria-hidden className="size-4" />}
          onClick={() => actions.start(container)}
        >
          {t('container.do.start')}
        </Button>
      ) : (
        <>
          <Button
            busy={actions.busy}
            icon={<RotateCw aria-hidden className="size-4" />}
            onClick={() => actions.restart(container)}
          >
            {t('container.do.restart')}
          </Button>
          <Button
            disabled={actions.busy}
            icon={<Square aria-hidden className="size-3.5" />}
            onClick={() => actions.stop(container)}
          >
            {t('container.do.stop')}
          </Button>
        </>
      )}
      <ContainerMenu
        short
        container={container}
        actions={actions}
        onRemoved={() => void navigate({ to: '/containers', search: { engine } })}
      />
    </>
  );
}
