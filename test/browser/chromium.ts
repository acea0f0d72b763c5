import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { browserIsHere, EXECUTABLE, launch } from './launch.ts';

/** What a page did besides being shown. */
export interface Observed {
	readonly page: Page;
	/** Errors, warnings and refused scripts of its console, and exceptions. */
	readonly problems: string[];
	/** Addresses that it asked for, but for itself and what it carries. */
	readonly requests: string[];
}

let browser: Promise<Browser> | null = null;
let folder: string | null = null;

test.after.always(async () => {
	await (await browser)?.close();
	if (folder) rmSync(folder, { recursive: true, force: true });
});

/** A page that has nothing to do with another; errors of its console and its exceptions go into `problems`. */
export async function newPage(problems: string[], options: BrowserContextOptions = {}): Promise<Page> {
	browser ??= launch();
	const page = await (await browser).newPage(options);
	page.on('console', (message) => {
		if (message.type() === 'error') problems.push(`${message.text()} (${message.location().url})`);
	});
	page.on('pageerror', (error) => problems.push(error.stack ?? error.message));
	return page;
}

/** A picture for a person to look at, where `ASSAY_SCREENSHOTS` names a folder. */
export async function shoot(page: Page, name: string): Promise<void> {
	const { ASSAY_SCREENSHOTS: pictures } = process.env;
	if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** A test in a real browser; skipped where there is none, except where nothing may be skipped. */
export function browserTest(title: string, body: (t: ExecutionContext) => Promise<void>): void {
	if (browserIsHere() || process.env.CI === 'true') test.serial(title, body);
	else
		test.skip(`${title} (skipped: there is no ${EXECUTABLE}; \`apt-get install chromium\` brings it)`, body);
}

/** Opens a page as a file, as a person would who was sent it. */
export async function open(html: string, options: BrowserContextOptions = {}): Promise<Observed> {
	browser ??= launch();
	folder ??= mkdtempSync(join(tmpdir(), 'assay-browser-'));
	const file = join(folder, `${Math.trunc(performance.now() * 1000)}.html`);
	writeFileSync(file, html);
	const page = await (await browser).newPage({ viewport: { width: 1280, height: 900 }, ...options });
	const observed: Observed = { page, problems: [], requests: [] };
	page.on('console', (message) => observed.problems.push(`${message.type()}: ${message.text()}`));
	page.on('pageerror', (error) => observed.problems.push(error.message));
	page.on('dialog', (dialog) => {
		observed.problems.push(`dialog: ${dialog.message()}`);
		void dialog.dismiss();
	});
	const address = pathToFileURL(file).href;
	page.on('request', (request) => {
		if (!request.url().startsWith(address) && !/^(data|blob):/.test(request.url()))
			observed.requests.push(request.url());
	});
	await page.goto(address);
	return observed;
}

/** Brings every figure into view, so that all are drawn. */
export async function drawFigures(page: Page): Promise<void> {
	for (const canvas of await page.locator('.canvas').all()) {
		await canvas.scrollIntoViewIfNeeded();
		await canvas.locator('svg.main-svg').first().waitFor();
	}
}
