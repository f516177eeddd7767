import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTRPCClient } from '../../lib/trpc.ts';
import { useSettled } from '../../lib/use-settled.ts';

export interface ImportRequest {
  text: string;
  onConflict: 'skip' | 'replace';
  containers: boolean;
  /** Values for what the config asks for, by id. */
  inputs: Record<string, string>;
  /** Ids for entries, by name. */
  ids: Record<string, string>;
}

/** What is left empty is not said. */
function filled(answers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(answers).filter(([, answer]) => answer.trim() !== ''));
}

/** Asks what an import would do once typing has paused; `settled` says whether the answer is about what stands there now. */
export function useImportPreview(wanted: ImportRequest) {
  const api = useTRPCClient();
  const now = JSON.stringify({ ...wanted, inputs: filled(wanted.inputs), ids: filled(wanted.ids) });
  const key = useSettled(now, 350);
  const request = JSON.parse(key) as ImportRequest;
  const asked = request.text.trim() !== '';
  const preview = useQuery({
    queryKey: ['import-preview', key],
    queryFn: () => api.servers.importConfig.mutate({ ...request, apply: false }),
    enabled: asked,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  });
  return {
    request,
    result: asked && !preview.error ? preview.data : undefined,
    error: asked ? preview.error : null,
    settled: key === now && !preview.isPlaceholderData,
  };
}
