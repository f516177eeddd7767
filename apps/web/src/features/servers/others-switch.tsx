import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Item, ServerItems } from '../../lib/api-types.ts';
import { useServer } from '../../lib/server-context.ts';
import { toFailure, useTRPC } from '../../lib/trpc.ts';
import { useToast } from '../../ui/feedback/toast.tsx';
import { Switch } from '../../ui/form/switch.tsx';

interface OthersSwitchProps {
  section: 'tools' | 'resources' | 'prompts';
  types: readonly Item['type'][];
  othersOff: ServerItems['othersOff'];
}

/** Whether what the server offers later is on by itself. */
export function OthersSwitch({ section, types, othersOff }: OthersSwitchProps) {
  const { t } = useTranslation();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const server = useServer();
  const setOthers = useMutation(
    trpc.servers.setOthers.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.servers.items.queryFilter({ id: server.id })),
      onError: (error) => toast.bad(t('servers.items.setFailed'), toFailure(error).message),
    }),
  );
  const label = t(`servers.items.others.${section}`);
  const isOn = setOthers.isPending ? setOthers.variables.enabled : !types.some((type) => othersOff.includes(type));
  return (
    <div className="flex items-center gap-2 text-sm text-ink-2">
      <Switch
        checked={isOn}
        disabled={!server.can.configure}
        label={label}
        onChange={(enabled) => {
          for (const type of types) setOthers.mutate({ id: server.id, type, enabled });
        }}
      />
      <span aria-hidden>{label}</span>
    </div>
  );
}
