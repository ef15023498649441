import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    // The Content-Security-Policy in web.go allows no inline script.
    modulePreload: { polyfill: false },
    // Monaco is one large library; splitting it would not make it load sooner.
    chunkSizeWarningLimit: 3000,
    rolldownOptions: {
      // React's "use client" means nothing where there is no server part.
      checks: { moduleLevelDirective: false },
    },
  },
  worker: {
    // The workers load further chunks, which only modules can.
    format: 'es',
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  server: { proxy: { '/graphql': 'http://localhost:8080' } },
});
