// Loads a TypeScript module of the pages for a test in Node.
import { runnerImport } from 'vite';

export async function load(name) {
  const { module } = await runnerImport(new URL(`../src/${name}`, import.meta.url).pathname, {
    configFile: false,
    logLevel: 'error',
  });
  return module;
}
