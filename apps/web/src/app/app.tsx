import { useState } from 'react';
import { createApi } from '../lib/trpc.ts';
import { createQueryClient, Providers } from './providers.tsx';
import { router } from './router.ts';

export function App() {
  const [queryClient] = useState(createQueryClient);
  const [api] = useState(createApi);
  return <Providers queryClient={queryClient} api={api} router={router} />;
}
