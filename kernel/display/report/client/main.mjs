import { jsonOf } from './dom.mjs';
import { Figures } from './figures.mjs';
import { RowBrowser } from './row-browser.mjs';
import { makeSortable } from './sortable.mjs';
import { showTips } from './tips.mjs';

for (const table of document.querySelectorAll('table[data-sortable]')) {
	makeSortable(/** @type {HTMLTableElement} */ (table));
}

for (const place of document.querySelectorAll('[data-rows]')) {
	const browser = /** @type {HTMLElement} */ (place);
	new RowBrowser(browser, jsonOf(browser.querySelector('script')));
}

showTips();
new Figures().watch();
