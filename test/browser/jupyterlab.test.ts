import test, { type ExecutionContext } from 'ava';
import type { Locator, Page } from 'playwright-core';
import { newPage, shoot } from './chromium.ts';
import { isHere, type JupyterServer, kernelIdle, LAB, startJupyter } from './jupyter.ts';
import { browserIsHere } from './launch.ts';

/** Without model, data and network. */
const PARAMS = JSON.stringify({ model_name: 'simulated', source: 'miniature' });

let server: JupyterServer;
let page: Page;
const problems: string[] = [];

const ready = isHere(LAB) && browserIsHere();
const must = process.env.CI === 'true';
/** The tests are one visit, in this order. */
const labTest = (title: string, body: (t: ExecutionContext) => Promise<void>): void => {
	if (ready || must) test.serial(title, body);
	else test.skip(`${title} (skipped: ${isHere(LAB) ? 'there is no Chromium' : LAB.missing})`, body);
};

test.before(async (t) => {
	if (!ready) return must ? t.fail(LAB.missing) : undefined;
	server = await startJupyter(LAB, { ASSAY_PARAMS: PARAMS });
	page = await newPage(problems, { viewport: { width: 1400, height: 1000 } });
});
test.after.always(async () => {
	await page?.close();
	await server?.stop();
});

const cells = (): Locator => page.locator('.jp-Notebook .jp-CodeCell');
const menu = async (...path: readonly string[]): Promise<void> => {
	await page.locator('.lm-MenuBar-itemLabel', { hasText: new RegExp(`^${path[0]}$`) }).click();
	for (const label of path.slice(1))
		await page.locator('.lm-Menu-itemLabel', { hasText: label }).first().click();
};

/** Every code cell that has a text has run, and the kernel is idle. */
async function idle(): Promise<void> {
	await page.waitForFunction(
		() => {
			const prompts = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell .jp-InputPrompt')];
			return prompts.length > 0 && prompts.every(({ textContent }) => /^\[\d+\]:$/.test(textContent ?? ''));
		},
		null,
		{ timeout: 240_000 },
	);
	await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor({ timeout: 60_000 });
}

/** A new cell at the end with this text; where the cursor is after it. */
async function write(text: string): Promise<Locator> {
	const before = await cells().count();
	await page.locator('.jp-Notebook-footer').click();
	await page.waitForFunction(
		(count) => document.querySelectorAll('.jp-Notebook .jp-CodeCell').length > count,
		before,
	);
	const cell = cells().last();
	await cell.locator('.cm-content').click();
	await page.keyboard.insertText(text);
	return cell;
}

async function runCell(cell: Locator): Promise<void> {
	await page.keyboard.press('Control+Enter');
	await page.waitForTimeout(100);
	await cell.locator('.jp-InputPrompt', { hasText: /^\[\d+\]:$/ }).waitFor({ timeout: 60_000 });
}

/** What the cells show, without what a clock decides. */
const shown = async (): Promise<string[]> =>
	(await page.locator('.jp-OutputArea-output').allTextContents()).map((text) =>
		text.replace(/ in \d+(\.\d+)? s| \(\d+ of \d+ steps run.*?\)|\d+ (calls made|kept)|\s+/g, ' ').trim(),
	);

labTest('the quickstart opens with its study cells highlighted', async (t) => {
	await page.goto(`${server.origin}/lab/tree/quickstart.ipynb`);
	await cells().first().waitFor({ timeout: 120_000 });
	await kernelIdle(server);
	await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor({ timeout: 60_000 });
	const first = cells().first().locator('.cm-content');
	const color = (text: string): Promise<string> =>
		first
			.locator('span', { hasText: text })
			.first()
			.evaluate((span) => getComputedStyle(span).color);
	await first
		.locator('span', { hasText: /^param$/ })
		.first()
		.waitFor();
	const colors = await Promise.all(['param', '"pocket/1m"', '## Questions of each category.'].map(color));
	t.is(new Set(colors).size, 3, colors.join(' '));
	// JupyterLab asks once whether it may fetch news.
	await page
		.getByRole('button', { name: 'No', exact: true })
		.click({ timeout: 10_000 })
		.catch(() => {});
	await shoot(page, 'lab-open');
});

/** Until it says something: outputs that are still being drawn above it move it. */
async function pointAt(mark: Locator, said: Locator): Promise<void> {
	for (let attempt = 0; attempt < 20 && !(await said.isVisible()); attempt++) {
		await mark.scrollIntoViewIfNeeded();
		const box = await mark.boundingBox();
		if (!box) continue;
		await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
		await page.mouse.move(box.x + box.width / 2 + 2, box.y + box.height / 2 + 2);
		await page.waitForTimeout(500);
	}
}

let tables: string[] = [];

labTest('run all shows progress, tables and an interactive figure', async (t) => {
	await page.evaluate(() => {
		const seen = globalThis as { progressSeen?: number };
		seen.progressSeen = 0;
		new MutationObserver(() => {
			if (document.querySelector('.assay-progress')) seen.progressSeen = (seen.progressSeen ?? 0) + 1;
		}).observe(document.body, { childList: true, subtree: true });
	});
	await menu('Run', 'Run All Cells');
	await page.waitForTimeout(500);
	await idle();
	await shoot(page, 'lab-run');
	const texts = await shown();
	t.true(
		await page.evaluate(() => ((globalThis as { progressSeen?: number }).progressSeen ?? 0) > 0),
		'progress was shown while a study ran',
	);
	t.true(
		texts.some((text) => /^plain, instructed, answers: done/.test(text)),
		texts.join('\n'),
	);
	t.true(
		texts.some((text) => /^bias.*ambig.*\(n = \d+\)/.test(text)),
		'the table',
	);
	t.deepEqual(
		await page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]').count(),
		0,
	);
	tables = texts;

	const figure = page.locator('.assay-plotly').first();
	await figure.scrollIntoViewIfNeeded();
	await figure.locator('.main-svg').first().waitFor();
	await pointAt(figure.locator('.barlayer .point').first(), figure.locator('.hovertext').first());
	t.regex((await figure.locator('.hovertext').first().textContent()) ?? '', /0\.\d+/);
	await shoot(page, 'lab-figure');
	await page.setViewportSize({ width: 1400, height: 7000 });
	await page.waitForTimeout(1000);
	await shoot(page, 'lab-whole');
	await page.setViewportSize({ width: 1400, height: 1000 });
});

labTest('completion offers the columns of a table of the study', async (t) => {
	const cell = await write('bias.column("');
	await page.keyboard.press('Tab');
	const completer = page.locator('.jp-Completer');
	await completer.waitFor({ timeout: 30_000 });
	const offered = await completer.locator('.jp-Completer-match').allTextContents();
	await shoot(page, 'lab-completion');
	t.deepEqual(offered.slice(0, 3), ['accuracy', 'accuracy_high', 'accuracy_low'], offered.join(' '));
	await page.keyboard.press('Escape');
	await cell.locator('.cm-content').click();
	await page.keyboard.press('Control+A');
	await page.keyboard.insertText('bias.shape');
	await runCell(cell);
	t.regex((await cell.locator('.jp-OutputArea-output').textContent()) ?? '', /\[ 4, \d+ \]/);
});

labTest('Shift-Tab shows documentation in a study cell and in a TypeScript cell', async (t) => {
	for (const [text, documented] of [
		['%%assay\ntable again = from answers by p { s = bbq_bias', /Bias score of BBQ/],
		['bias.query', /DataFrame/],
	] as const) {
		const cell = await write(text);
		await page.keyboard.press('Shift+Tab');
		const tip = page.locator('.jp-Tooltip');
		await tip.waitFor({ timeout: 30_000 });
		await shoot(page, `lab-documentation-${text.slice(0, 1) === '%' ? 'study' : 'typescript'}`);
		t.regex((await tip.textContent()) ?? '', documented);
		await page.keyboard.press('Escape');
		await cell.locator('.cm-content').click();
		await page.keyboard.press('Control+A');
		await page.keyboard.insertText('1 + 1');
		await runCell(cell);
	}
});

labTest('an interrupt ends an endless loop, and the next cell runs', async (t) => {
	const cell = await write('while (true) {}');
	await page.keyboard.press('Control+Enter');
	await cell.locator('.jp-InputPrompt', { hasText: '[*]:' }).waitFor();
	await page.waitForTimeout(500);
	await menu('Kernel', 'Interrupt Kernel');
	await cell.locator('.jp-InputPrompt', { hasText: /^\[\d+\]:$/ }).waitFor({ timeout: 30_000 });
	t.regex((await cell.locator('.jp-OutputArea-output').textContent()) ?? '', /[Ii]nterrupted/);
	await shoot(page, 'lab-interrupted');
	await cell.locator('.cm-content').click();
	await page.keyboard.press('Control+A');
	await page.keyboard.insertText('6 * 7');
	await runCell(cell);
	t.is((await cell.locator('.jp-OutputArea-output').textContent())?.trim(), '42');
});

labTest('restart and run all gives the same', async (t) => {
	await menu('Kernel', 'Restart Kernel and Run All Cells');
	await page.locator('.jp-Dialog .jp-mod-accept').click();
	await page.locator('.jp-InputPrompt', { hasText: '[*]:' }).first().waitFor();
	await idle();
	const again = await shown();
	t.deepEqual(again.slice(0, tables.length), tables);
	await shoot(page, 'lab-again');
});

const TRAINING = `%%assay
data digits = mnist()
network logits(x: Image[28, 28, 1]) { x |> flatten |> dense(64) |> relu |> dense(10) }
model net = classifier(logits)
train fit { model = net  on = digits.train  optimizer = adam(1e-3)  batch = 64  steps = 4000  evaluate = digits.test }`;

labTest('a training draws its loss while it goes on, and leaves it as a picture', async (t) => {
	const cell = await write(TRAINING);
	await page.keyboard.press('Control+Enter');
	const curve = cell.locator('.assay-progress svg polyline');
	await curve.waitFor({ timeout: 60_000 });
	const points = async (of: Locator): Promise<number> =>
		((await of.getAttribute('points')) ?? '').split(' ').length;
	const early = await points(curve);
	// The curve itself is drawn anew ten times a second.
	await cell.evaluate((element) => element.scrollIntoView({ block: 'end' }));
	await shoot(page, 'lab-training-early');
	await page.waitForFunction(
		(least) =>
			(document.querySelector('.assay-progress polyline')?.getAttribute('points') ?? '').split(' ').length >
			least,
		early + 3,
		{ timeout: 60_000 },
	);
	// How fast it is shows once it has been seen for a while.
	const progress = cell.locator('.assay-progress', {
		hasText: /fit [\d,]+\/4,000loss \d\.\d+.*examples\/s.*left/,
	});
	await progress.waitFor({ timeout: 60_000 });
	t.is((await cell.locator('.jp-InputPrompt').textContent())?.trim(), '[*]:', 'it grows while the cell runs');
	await shoot(page, 'lab-training');
	await cell.locator('.jp-InputPrompt', { hasText: /^\[\d+\]:$/ }).waitFor({ timeout: 240_000 });
	const left = cell.locator('svg[aria-label="loss over 4000 steps"] polyline');
	t.is(await left.count(), 1);
	t.true((await points(left)) > early + 3);
	t.regex((await cell.locator('.jp-OutputArea').textContent()) ?? '', /4,000 steps, loss 0\.\d+/);
	await left.scrollIntoViewIfNeeded();
	await shoot(page, 'lab-trained');
});

labTest('a file of Assay opens highlighted', async (t) => {
	await page.goto(`${server.origin}/lab/tree/bbq.assay`);
	const word = page.locator('.jp-FileEditor .cm-content span', { hasText: /^study$/ }).first();
	await word.waitFor({ timeout: 60_000 });
	t.not(await word.evaluate((span) => getComputedStyle(span).color), 'rgb(0, 0, 0)');
});

labTest('the console of the browser has no error', async (t) => {
	t.deepEqual(problems, []);
});
