import assert from 'node:assert/strict';
import test from 'node:test';
import { Window } from 'happy-dom';
import { WebSocket } from 'ws';
import { reported, everything, url } from '../../pages.mjs';
import { openBrowser, States, walk } from '../../browser.mjs';

const root = openBrowser(Window);
const { createElement, Profiler } = await import('react');
const { createRoot } = await import('react-dom/client');
const { Page } = await import('../build/page.js');
const { openSession, sessions } = await import('../build/session.js');

const options = { url, webSocket: WebSocket };

const render = sessionFor => seen => {
  const page = createRoot(root);
  page.render(createElement(Profiler, { id: 'page', onRender: seen }, createElement(Page, { perspectives: { everything, reported }, sessionFor })));
  return () => page.unmount();
};

test('no page is stale or mixed', () => walk(root, render(sessions(options))));

test('one cache for two perspectives is caught', async () => {
  const looking = {};
  const one = openSession(looking, options);
  await assert.rejects(
    walk(root, render(perspective => {
      for (const key of Object.keys(looking)) delete looking[key];
      Object.assign(looking, perspective);
      return one;
    })),
    /of another perspective/,
  );
});

test('values have footnotes, from the cache too', async () => {
  const sessionFor = sessions(options);
  for (const _ of ['asked', 'from the cache']) {
    const states = new States(root, () => {});
    const unmount = render(sessionFor)(states.seen);
    await states.until('footnotes', () => root.querySelector('.footnotes li'));
    const summit = root.querySelector('[data-event="event/c5-plus-1-summit-2025"]').innerHTML;
    assert.match(summit, /<\/sup>, 2025-11-06<sup>\d<\/sup>$/);
    assert.match(root.querySelector('.footnotes').textContent, /CONFIRMED, source\/c5-plus-1-summit-report, paragraph/);
    unmount();
  }
});
