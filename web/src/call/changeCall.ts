// Changing a call: the page shows the server's answer, and the lists are asked for anew when they are next seen.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ask } from '../api/client';
import { callQuery } from '../api/queries';
import type { CallChange } from '../api/types';

export function useChangeCall(call: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: CallChange) => ask(api.PATCH('/calls/{call}', { params: { path: { call } }, body: change })),
    onSuccess: (changed) => {
      client.setQueryData(callQuery(call).queryKey, changed);
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'calls' || queryKey[0] === 'tags' });
    },
  });
}
