// Letting a call go, having it back, holding and releasing it: what the page and the lists then show.
import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api, ask } from '../api/client';
import { columnsOf, dropCalls, patchCalls, refreshLists } from '../api/patchCalls';
import { callQuery, retentionQuery } from '../api/queries';
import type { CallDetails } from '../api/types';

const dayMs = 86_400_000;
const usualDays = 30;

// For how long what was removed can be had back.
export function useSafekeepingDays(): number {
  return useQuery(retentionQuery).data?.safekeeping_days ?? usualDays;
}

function show(client: QueryClient, call: CallDetails) {
  client.setQueryData(callQuery(call.id).queryKey, call);
  patchCalls(client, new Map([[call.id, columnsOf(call)]]));
}

export function useRemove(call: CallDetails, days: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => ask(api.DELETE('/calls/{call}', { params: { path: { call: call.id } } })),
    onSuccess: () => {
      // The page says at once that it can be had back; the server then tells what it is now.
      const removed_at = new Date().toISOString();
      const deleted_at = new Date(Date.now() + days * dayMs).toISOString();
      client.setQueryData(callQuery(call.id).queryKey, (old) => old && { ...old, removed_at, deleted_at });
      dropCalls(client, new Set([call.id]));
      void client.invalidateQueries({ queryKey: callQuery(call.id).queryKey });
      void refreshLists(client);
    },
  });
}

export function useRestore(call: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => ask(api.POST('/calls/{call}/restore', { params: { path: { call } } })),
    onSuccess: (back) => {
      show(client, back);
      dropCalls(client, new Set([call]), 'safekeeping');
      void refreshLists(client);
    },
  });
}

export function useHold(call: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) =>
      ask(api.POST('/calls/{call}/hold', { params: { path: { call } }, body: { reason } })),
    onSuccess: (held) => show(client, held),
  });
}

export function useRelease(call: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => ask(api.POST('/calls/{call}/release', { params: { path: { call } } })),
    onSuccess: (released) => show(client, released),
  });
}
