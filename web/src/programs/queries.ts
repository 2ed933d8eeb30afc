import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../api/client';

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: async ({ signal }) => (await ask(api.GET('/tokens', { signal }))).tokens,
});

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks'],
  queryFn: async ({ signal }) => (await ask(api.GET('/webhooks', { signal }))).webhooks,
});

export const deliveriesQuery = (webhook: string) =>
  queryOptions({
    queryKey: ['deliveries', webhook],
    queryFn: async ({ signal }) =>
      (await ask(api.GET('/webhooks/{webhook}/deliveries', { params: { path: { webhook } }, signal }))).deliveries,
    staleTime: 0,
  });
