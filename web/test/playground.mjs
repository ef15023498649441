// Asks the mission's question in a real browser, as a new visitor would.
//
//   npm run test:browser -- URL
//
// URL is a running server with the embedded seed. CHROMIUM names the browser
// (default: Debian's). With SCREENSHOT set, the answered page is written there.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [url] = process.argv.slice(2);
assert.ok(url, 'usage: npm run test:browser -- URL');
const { origin } = new URL(url);

const profile = await mkdtemp(join(tmpdir(), 'playground-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  headless: true,
  viewport: { width: 1280, height: 800 },
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
try {
  const faults = [];
  await browser.route(
    ({ href }) => new URL(href).origin !== origin,
    route => {
      faults.push(`request to another host: ${route.request().url()}`);
      return route.abort();
    },
  );
  const page = browser.pages()[0];
  page.on('websocket', socket => faults.push(`websocket: ${socket.url()}`));
  page.on('pageerror', error => faults.push(`page error: ${error.stack}`));
  page.on('console', message => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });

  await page.goto(url);
  assert.equal(await page.title(), 'Chancery');

  const question = page.locator('.graphiql-query-editor .view-lines');
  await shows(question, 'Which officials visited which country before the summit?');
  await shows(question, 'event/c5-plus-1-summit-2025');

  await page.getByRole('button', { name: 'Execute query' }).click();
  const answer = page.locator('.result-window .view-lines');
  await shows(answer, 'Kazakhstan');
  const { data, errors } = await answerJSON(page);
  assert.equal(errors, undefined);
  assert.deepEqual(
    data.visits.edges
      .map(({ node }) => [node.destination.name, ...node.visitors.map(({ name }) => name).sort()])
      .sort(),
    [
      ['Kazakhstan', 'Christopher Landau', 'Sergio Gor'],
      ['Uzbekistan', 'Christopher Landau', 'Sergio Gor'],
    ],
  );
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });

  // The other questions are a menu away, and the first stays where it was.
  const menu = page.getByRole('button', { name: 'Questions' });
  await menu.click();
  const items = page.getByRole('menuitem');
  const examples = await readdir(new URL('../src/examples/', import.meta.url));
  assert.equal(await items.count(), examples.length);
  const second = await items.nth(1).innerText();
  await items.nth(1).click();
  await shows(question, second);
  await menu.click();
  await items.first().click();
  await shows(question, 'Which officials visited which country before the summit?');
  assert.equal(await page.locator('.graphiql-tab').count(), 2);

  assert.deepEqual(faults, []);
  console.log('ok: the question was asked, and answered from', origin);
} finally {
  await browser.close();
  await rm(profile, { recursive: true, force: true });
}

// Monaco shows spaces as no-break spaces, and indents what it wraps.
async function shows(editor, text) {
  const pattern = text
    .split(' ')
    .map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('\\s+');
  await editor.filter({ hasText: new RegExp(pattern) }).waitFor();
}

// The whole answer, of which the editor draws only what is in view.
async function answerJSON(page) {
  return JSON.parse(
    await page.evaluate(() =>
      globalThis.__MONACO.editor
        .getModels()
        .find(model => model.uri.path.endsWith('response.json'))
        .getValue(),
    ),
  );
}
