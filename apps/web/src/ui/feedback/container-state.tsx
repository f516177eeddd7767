import { useTranslation } from 'react-i18next';
import type { Container } from '../../lib/api-types.ts';
import { containerLooks, wordOf } from '../../lib/container-state.ts';
import { Status } from './status.tsx';

export function ContainerState({ container, className }: { container: Container; className?: string }) {
  const { t } = useTranslation();
  const word = wordOf(container);
  return (
    <Status
      {...containerLooks[word]}
      label={t(`container.word.${word}`, { code: container.exitCode })}
      {...(className === undefined ? {} : { className })}
    />
  );
}
