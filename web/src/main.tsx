import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-aria-components';
import { App } from './App';
import { makeQueryClient } from './api/queries';
import { navigate } from './router/location';
import { WordsProvider } from './words/context';
import './styles/tokens.css';
import './styles/base.css';
import './styles/widgets.css';
import './styles/frame.css';
import './styles/calls.css';
import './styles/call.css';
import './styles/pages.css';
import './styles/later.css';
import './styles/calm.css';

const client = makeQueryClient();

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <WordsProvider>
        <RouterProvider navigate={(to) => navigate(to)}>
          <App />
        </RouterProvider>
      </WordsProvider>
    </QueryClientProvider>
  </StrictMode>,
);

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  addEventListener('load', () => {
    void navigator.serviceWorker.register('/shell-worker.js').catch(() => undefined);
  });
}
