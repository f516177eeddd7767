import { useMutation } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChangeConfiguration } from '@switchboard/core/configuration/schema';
import type { Destination } from '@switchboard/core/notifications/schema';
import { tellReason } from '../../lib/reasons.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { Callout } from '../../ui/feedback/callout.tsx';
import { Button } from '../../ui/form/button.tsx';
import { Field } from '../../ui/form/field.tsx';
import { Input, Select } from '../../ui/form/input.tsx';

const destinationWords = {
  email: 'settings.test.email',
  slack: 'settings.test.slack',
  webhook: 'settings.test.webhook',
} as const;

/** Tries the settings of a form as they stand there, before they are saved. */
export function TestPanel({
  patch,
  destinations,
}: {
  patch: () => ChangeConfiguration;
  destinations: readonly Destination[];
}) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const [destination, setDestination] = useState<Destination>(destinations[0] ?? 'email');
  const [to, setTo] = useState('');
  const test = useMutation(trpc.configuration.test.mutationOptions());
  function send() {
    const { smtp, notifications } = patch();
    const given = { ...(smtp && { smtp }), ...(notifications && { notifications }) };
    const elsewhere = destination === 'email' && to.trim() !== '' ? { to: to.trim() } : {};
    test.mutate({ destination, ...given, ...elsewhere });
  }
  return (
    <section aria-label={t('settings.test.title')} className="flex flex-col gap-3 border-t border-line pt-4">
      <p className="text-sm text-ink-3">{t('settings.test.hint')}</p>
      <div className="flex flex-wrap items-end gap-3">
        {destinations.length > 1 && (
          <Field label={t('settings.test.way')} className="w-40">
            <Select value={destination} onChange={(event) => setDestination(event.target.value as Destination)}>
              {destinations.map((each) => (
                <option key={each} value={each}>
                  {t(destinationWords[each])}
                </option>
              ))}
            </Select>
          </Field>
        )}
        {destination === 'email' && (
          <Field label={t('settings.test.to')} className="min-w-0 flex-1 basis-48">
            <Input value={to} placeholder="you@example.com" onChange={(event) => setTo(event.target.value)} />
          </Field>
        )}
        <Button busy={test.isPending} icon={<Send aria-hidden className="size-4" />} onClick={send}>
          {t('settings.test.send')}
        </Button>
      </div>
      {test.error && <Callout alert tone="bad" title={toFailure(test.error).message} />}
      {test.data?.ok === true && <Callout alert tone="ok" title={t('settings.test.sent')} />}
      {test.data?.why && (
        <Callout alert tone="bad" title={t('settings.test.failed')}>
          {tellReason(test.data.why, test.data.why.text, t)}
        </Callout>
      )}
    </section>
  );
}
