// Changing a call: the page and the lists show what the server answered.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ask } from '../api/client';
import { columnsOf, patchCalls } from '../api/patchCalls';
import { callQuery, tagsQuery } from '../api/queries';
import type { CallChange } from '../api/types';

export function useChangeCall(call: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: CallChange) => ask(api.PATCH('/calls/{call}', { params: { path: { call } }, body: change })),
    onSuccess: (changed) => {
      client.setQueryData(callQuery(call).queryKey, changed);
      patchCalls(client, new Map([[call, columnsOf(changed)]]));
      void client.invalidateQueries({ queryKey: tagsQuery.queryKey });
    },
  });
}
