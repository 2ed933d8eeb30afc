// Builds the window: one folder of files that `naklank serve` hands out, with hashed names, nothing inlined
// (the content security policy allows no inline script or style).
import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';

// The service worker is told the names of the shell's files, which are known only at the end of a build.
function shellWorker(): Plugin {
  return {
    name: 'shell-worker',
    apply: 'build',
    generateBundle(_, bundle) {
      const files = Object.keys(bundle)
        .filter((name) => /\.(js|css)$/.test(name))
        .map((name) => `/${name}`)
        .sort();
      const source = readFileSync('src/shell-worker.js', 'utf8').replace(
        '[/* files of the build */]',
        JSON.stringify(files),
      );
      this.emitFile({ type: 'asset', fileName: 'shell-worker.js', source });
    },
  };
}

// `npm run fake`: the window with calls that do not exist, to work on its looks without a server.
function fakeServer(): Plugin {
  return {
    name: 'fake-server',
    apply: (_, { mode }) => mode === 'fake',
    async configureServer(server) {
      const { fakeHandler } = (await server.ssrLoadModule(
        '/test/browser/fake/server.ts',
      )) as typeof import('./test/browser/fake/server');
      const handle = fakeHandler();
      server.middlewares.use((request, response, next) => {
        if (request.url?.startsWith('/api/')) void handle(request, response);
        else next();
      });
    },
  };
}

// react-aria brings its few words in thirty languages; the window speaks two.
const ourLocales: Plugin = { ...optimizeLocales.vite({ locales: ['nl-NL', 'en-US'] }), enforce: 'pre' };

export default defineConfig({
  plugins: [react(), ourLocales, shellWorker(), fakeServer()],
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, manifest: 'build.json' },
  server: { proxy: process.env['NAKLANK_URL'] ? { '/api': process.env['NAKLANK_URL'] } : {} },
});
