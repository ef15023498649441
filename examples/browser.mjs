// A page's test in happy-dom: it sees every state that React puts into the page,
// and waits for one of them, never for a time.
import { url, eventsOf, assertIsPage, everything, reported, assertDiffer } from './pages.mjs';

/** A document for React to render into. Ask for it before react-dom is imported. */
export function openBrowser(Window) {
  const window = new Window({ url });
  Object.assign(globalThis, { window, document: window.document });
  globalThis.navigator ??= window.navigator;
  const root = window.document.createElement('div');
  window.document.body.append(root);
  return root;
}

/** The states of a page. Give `seen` to a Profiler around it. */
export class States {
  constructor(root, check) {
    Object.assign(this, { root, check, waiting: [], count: 0 });
    this.seen = () => {
      this.count++;
      try {
        check(root);
      } catch (error) {
        this.failed ??= error;
      }
      this.waiting = this.waiting.filter(wait => !wait());
    };
  }

  /** Resolves when the page meets the condition; rejects when any state failed the check. */
  until(what, condition) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`never seen: ${what}\n${this.root.innerHTML}`)), 600_000); // only for what never comes: a busy machine is slow
      const wait = () => {
        if (!this.failed && !condition(this.root)) return false;
        clearTimeout(timer);
        this.failed ? reject(this.failed) : resolve();
        return true;
      };
      if (!wait()) this.waiting.push(wait);
    });
  }
}

export const itemsOf = root => [...root.querySelectorAll('[data-event]')].map(e => [e.dataset.event, Number(e.dataset.claims)]);

/**
 * Walks through two perspectives, page by page, and fails when any state on the way
 * is stale or mixed. `render(seen)` renders the page; it begins with everything.
 */
export async function walk(root, render) {
  const events = { everything: await eventsOf(everything), reported: await eventsOf(reported) };
  assertDiffer(events.everything, events.reported);
  const states = new States(root, () => {
    const page = root.querySelector('[data-total]');
    if (page) assertIsPage(itemsOf(root), Number(page.dataset.total), events[root.querySelector('[data-perspective]').dataset.perspective]);
  });
  const unmount = render(states.seen);
  const shows = (perspective, n) => states.until(`${n} events of ${perspective}`, () =>
    root.querySelector('[data-perspective]')?.dataset.perspective === perspective && itemsOf(root).length === n);
  const click = name => [...root.querySelectorAll('button')].find(b => b.textContent === name).click();
  try {
    await shows('everything', 3);
    click('More');
    await shows('everything', 6);
    click('reported');
    await shows('reported', 3);
    click('More');
    await shows('reported', 6);
    click('everything');
    await shows('everything', 6); // they were read before
    click('More');
    await shows('everything', 9);
  } finally {
    unmount();
  }
}
