// Asks questions in a real browser, as a new visitor would.
//
//   npm run test:browser -- URL
//
// URL is a running server with the embedded seed. CHROMIUM names the browser
// (default: Debian's). With SCREENSHOT set, the answered page is written there;
// with SCREENSHOTS set, pages of several sizes into that directory, and the one
// that failed.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [url] = process.argv.slice(2);
assert.ok(url, 'usage: npm run test:browser -- URL');
const { origin } = new URL(url);

const folder = new URL('../src/examples/', import.meta.url);
const examples = await Promise.all(
  (await readdir(folder)).sort().map(async name => (await readFile(new URL(name, folder), 'utf8')).trim()),
);
const titles = examples.map(document => document.split('\n', 1)[0].replace(/^# /, ''));

const patience = 600_000; // a busy machine is slow, not wrong
const profile = await mkdtemp(join(tmpdir(), 'playground-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  headless: true,
  timeout: patience,
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
browser.setDefaultTimeout(patience);
try {
  const faults = [];
  let refused = false; // whether the question under way is one that the server refuses
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
    if (message.type() !== 'error') return;
    // The browser itself says so of every status that is not 200.
    if (refused && /the server responded with a status of 400/.test(message.text())) return;
    faults.push(`console: ${message.text()}`);
  });

  await page.goto(url);
  assert.equal(await page.title(), 'Chancery');

  // Tabs are named by their questions.
  const tabs = page.getByRole('tablist', { name: 'Questions' }).getByRole('tab');
  await tabs.first().waitFor();
  assert.deepEqual(await tabs.allInnerTexts(), titles.slice(0, 4));
  const question = page.locator('.graphiql-query-editor .view-lines');
  await shows(question, titles[0]);
  await shows(question, 'event/c5-plus-1-summit-2025');

  // The mission's question: rows, with numbers that lead to footnotes.
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  const answer = page.getByRole('region', { name: 'Answer', exact: true });
  await status('2 rows, 2 footnotes');
  assert.deepEqual(await cells(answer.getByRole('table')), [
    ['visitors', 'destination', 'start'],
    ['Sergio Gor1, Christopher Landau1', 'Kazakhstan1', '[..2025-10-31]1'],
    ['Sergio Gor2, Christopher Landau2', 'Uzbekistan2', '[..2025-10-31]2'],
  ]);
  const notes = answer.locator('.footnotes > li');
  await notes.filter({ hasText: 'published [2025-10-21..2025-10-31]' }).first().waitFor();
  assert.match(
    await notes.first().innerText(),
    /^Report on the C5\+1 summit in Washington, published \[2025-10-21\.\.2025-10-31\], paragraph 5, reported\. claim\/c5-plus-1-summit-report\/visit-to-kazakhstan$/,
  );
  await answer.getByRole('link', { name: 'Footnote 2' }).first().press('Enter');
  assert.equal(await page.evaluate(() => document.querySelector(':target').id), 'note-2');
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
  await picture('answer-1280');

  // The JSON is there too, as the server gave it.
  await page.getByRole('button', { name: 'JSON' }).click();
  await shows(page.locator('.result-window .view-lines'), 'Kazakhstan');
  const { data, errors } = await answerJSON();
  assert.equal(errors, undefined);
  assert.deepEqual(
    data.visits.nodes
      .map(({ visitors, destination }) => [destination.name, ...visitors.map(({ name }) => name).sort()])
      .sort(),
    [
      ['Kazakhstan', 'Christopher Landau', 'Sergio Gor'],
      ['Uzbekistan', 'Christopher Landau', 'Sergio Gor'],
    ],
  );
  await page.getByRole('button', { name: 'Answer', exact: true }).click();

  // By keyboard: to the third tab, ask, then only what is confirmed, then nothing.
  await tabs.first().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), titles[2]);
  await shows(question, 'invitations');
  await page.getByLabel('Known at').press('Enter');
  await status(/^3 rows/);
  await page.getByRole('checkbox', { name: 'reported' }).press('Space');
  await page.getByRole('checkbox', { name: 'assessed' }).press('Space');
  await page.getByLabel('Known at').press('Enter');
  await status(/^1 row,/);
  await answer.getByText('· confirmed', { exact: false }).waitFor();

  // What the graph knew before it knew anything; then a moment that can't be read, and what to do.
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.getByLabel('Known at').fill('2020-01-01T00:00:00Z');
  await page.getByLabel('Known at').press('Enter');
  await status(/^0 rows/);
  await answer.getByText('None, as far as the graph knows.').waitFor();
  refused = true;
  await page.getByLabel('Known at').fill('yesterday');
  await page.getByLabel('Known at').press('Enter');
  await answer.getByText('BAD_TIME').waitFor();
  await answer.getByText('"yesterday" is no time of RFC 3339').waitFor();
  await answer.getByText('Write a day as 2025-11-06').waitFor();
  await picture('error-1280');

  // A place in the question is a button that leads there.
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.getByRole('button', { name: 'Ask something else' }).click();
  await type('# What is this?\n{ nation(id: "nation/kz") { nme } }');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await answer.getByText('GRAPHQL_VALIDATION_FAILED').waitFor();
  await page.getByRole('button', { name: 'Line 2, column 29' }).click();
  assert.deepEqual(
    await page.evaluate(() => {
      const { lineNumber, column } = globalThis.__MONACO.editor.getEditors()[0].getPosition();
      return { lineNumber, column };
    }),
    { lineNumber: 2, column: 29 },
  );
  await tabs.last().filter({ hasText: 'What is this?' }).waitFor();
  refused = false;
  await tabs.last().press('Delete');
  assert.equal(await tabs.count(), 4);

  // Only some sources: offered by a question of the page's own, found by name.
  await tabs.first().click();
  await page.getByRole('button', { name: 'All sources' }).click();
  const sources = page.getByRole('dialog', { name: 'Sources' });
  await sources.getByRole('checkbox', { name: 'Report on the C5+1 summit' }).waitFor();
  assert.equal(await sources.getByRole('checkbox').count(), 4);
  await sources.getByRole('searchbox').fill('background');
  await sources.getByText('Report on the C5+1 summit').waitFor({ state: 'detached' });
  await sources.getByRole('checkbox', { name: 'Background' }).check();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'One source' }).waitFor();
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await status(/^0 rows/);
  await page.getByRole('button', { name: 'Reset' }).click();

  // Every question of the menu has an answer without errors.
  const menu = page.getByRole('button', { name: 'Questions' });
  await menu.click();
  const items = page.getByRole('menuitem');
  assert.deepEqual(await items.allInnerTexts(), titles);
  await page.keyboard.press('Escape');
  for (const title of titles) {
    await menu.click();
    await page.getByRole('menuitem', { name: title, exact: true }).click();
    await shows(question, title);
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await status(/^\d+ rows?(, \d+ footnotes?)?$/);
    // A tab that a question was opened in before has it still.
    await answer.locator('.stated').waitFor();
  }
  assert.equal(await tabs.count(), titles.length);
  await picture('many-1280');

  // A narrow screen has nothing beside the page, in the dark neither.
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 400, height: 800 });
  await page.waitForFunction(
    last => JSON.parse(localStorage.getItem('graphiql:tabState')).tabs.at(-1).query?.includes(last),
    titles.at(-1),
  );
  await page.reload();
  await tabs.first().click();
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await status('2 rows, 2 footnotes');
  const { width, tabsWidth } = await page.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    tabsWidth: document.querySelector('.question-tabs').getBoundingClientRect().right,
  }));
  assert.ok(width <= 400 && tabsWidth <= 400, `the page is ${width} wide on a screen of 400, its tabs end at ${tabsWidth}`);
  await picture('answer-400-dark', { fullPage: true });
  await page.emulateMedia({ colorScheme: 'light' });
  await picture('answer-400', { fullPage: true });
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture('answer-1280-dark');

  assert.deepEqual(faults, []);
  console.log('ok: questions were asked, and answered from', origin);

  /** Waits until the answer's status says text. */
  async function status(text) {
    await answer.getByRole('status').filter({ hasText: text }).waitFor();
  }

  async function picture(name, options) {
    if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), ...options });
  }

  async function type(document) {
    await page.evaluate(text => globalThis.__MONACO.editor.getEditors()[0].setValue(text), document);
  }

  /** The whole answer, of which the editor draws only what is in view. */
  async function answerJSON() {
    return JSON.parse(
      await page.evaluate(() =>
        globalThis.__MONACO.editor
          .getModels()
          .find(model => model.uri.path.endsWith('response.json'))
          .getValue(),
      ),
    );
  }
} catch (error) {
  if (process.env.SCREENSHOTS) {
    await browser.pages()[0].screenshot({ path: join(process.env.SCREENSHOTS, 'failure.png') });
  }
  throw error;
} finally {
  await browser.close();
  await rm(profile, { recursive: true, force: true });
}

async function cells(table) {
  return table.evaluate(element => [...element.rows].map(row => [...row.cells].map(cell => cell.textContent)));
}

// Monaco shows spaces as no-break spaces, and indents what it wraps.
async function shows(editor, text) {
  const pattern = text
    .split(' ')
    .map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('\\s+');
  await editor.filter({ hasText: new RegExp(pattern) }).waitFor();
}
