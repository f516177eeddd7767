import { useTranslation } from 'react-i18next';
import type { Outputs } from '../../lib/trpc.ts';
import { Disclosure } from '../../ui/layout/disclosure.tsx';

type Steps = NonNullable<Outputs['signIns']['get']['attempt']>['steps'];

/** Each step of an attempt to sign in: what was asked, and what was found or wrong. */
export function SignInSteps({ steps }: { steps: Steps }) {
  const { t } = useTranslation();
  if (steps.length === 0) return null;
  return (
    <div className="mt-2">
      <Disclosure title={t('servers.signIn.steps')}>
        <ol className="flex list-decimal flex-col gap-2 pl-5">
          {steps.map((step, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- steps have no name of their own, and none is ever moved
            <li key={at} className={step.ok ? undefined : 'text-bad'}>
              <p className="font-medium">
                {t(`servers.signIn.step.${step.what}`)}
                {step.status !== null && ` · ${t('servers.signIn.status', { status: step.status })}`}
              </p>
              {step.url !== null && <p className="font-mono break-all">{step.url}</p>}
              <p>{step.note}</p>
            </li>
          ))}
        </ol>
      </Disclosure>
    </div>
  );
}
