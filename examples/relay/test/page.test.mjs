import assert from 'node:assert/strict';
import test from 'node:test';
import { Window } from 'happy-dom';
import { ask, reported, everything, url } from '../../pages.mjs';
import { openBrowser, States, walk } from '../../browser.mjs';

const root = openBrowser(Window);
const { createElement, Profiler } = (await import('react')).default;
const { createRoot } = (await import('react-dom/client')).default;
const { EventsPage } = (await import('../build/EventsPage.js')).default;
const { environments, openEnvironment } = (await import('../build/environment.js')).default;

const render = environmentFor => seen => {
  const page = createRoot(root);
  page.render(createElement(Profiler, { id: 'page', onRender: seen }, createElement(EventsPage, { perspectives: { everything, reported }, environmentFor })));
  return () => page.unmount();
};

test('no page is stale or mixed', () => walk(root, render(environments(url))));

test('one store for two perspectives is caught', async () => {
  const looking = {};
  const one = openEnvironment(looking, url);
  await assert.rejects(
    walk(root, render(perspective => {
      for (const key of Object.keys(looking)) delete looking[key];
      Object.assign(looking, perspective);
      return one;
    })),
    /of another perspective/,
  );
});

test('a fragment is refetched in its perspective', async () => {
  const claims = {};
  for (const [name, perspective] of Object.entries({ everything, reported })) {
    const { nation } = await ask('{ nation(id: "nation/kz") { claims { totalCount } } }', {}, perspective);
    claims[name] = String(nation.claims.totalCount);
  }
  assert.notEqual(claims.everything, claims.reported);
  const states = new States(root, () => {
    const nation = root.querySelector('[data-nation]');
    if (nation) assert.equal(nation.dataset.claims, claims[root.querySelector('[data-perspective]').dataset.perspective]);
  });
  const unmount = render(environments(url))(states.seen);
  const click = name => [...root.querySelectorAll('button')].find(b => b.textContent === name).click();
  const shows = (perspective, nation) => states.until(`${nation} of ${perspective}`, () =>
    root.querySelector('[data-perspective]')?.dataset.perspective === perspective && root.querySelector('[data-nation]')?.dataset.nation === nation);
  await shows('everything', 'Kazakhstan');
  click('reported');
  await shows('reported', 'Kazakhstan');
  click('по-русски');
  await shows('reported', 'Казахстан');
  click('everything');
  await shows('everything', 'Kazakhstan');
  unmount();
});
