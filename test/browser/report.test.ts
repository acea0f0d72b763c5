import test from 'ava';
import { reportPage } from '../../kernel/display/report/page.ts';
import { reportFixture } from '../helpers/report-fixture.ts';
import { browserTest, drawFigures, open } from './chromium.ts';

const study = reportPage(reportFixture());

browserTest('the page has no errors and asks for nothing, whatever is clicked', async (t) => {
	const { page, problems, requests } = await open(study);
	await drawFigures(page);
	await page.locator('.toggle').first().click();
	await page.locator('table[data-sortable] thead button').first().click();
	await page.locator('nav a').last().click();
	await page.emulateMedia({ colorScheme: 'dark' });
	await page.setViewportSize({ width: 400, height: 800 });
	await page.waitForTimeout(300);
	t.deepEqual(problems, []);
	t.deepEqual(requests, []);
	await page.close();
});

browserTest(
	'figures are drawn with their traces, error bars and axis names, and have their words as text',
	async (t) => {
		const { page } = await open(study);
		await drawFigures(page);
		const line = page.locator('[data-figure="fig"]');
		t.is(await line.locator('.scatterlayer .trace').count(), 2);
		// Five of six groups have a value.
		t.is(await line.locator('.errorbar').count(), 10);
		t.deepEqual(await line.locator('.legendtext').allTextContents(), ['simulated-a', 'gpt-4.1-mini']);
		t.is(await line.locator('.ytitle').textContent(), 's');
		t.regex(
			((await page.locator('#v-fig').textContent()) ?? '').replace(/\s+/g, ' '),
			/95% intervals.*simulated responder/,
		);
		await page.close();
	},
);

browserTest('Plotly is evaluated only when a figure comes near', async (t) => {
	const { page } = await open(study, { viewport: { width: 1280, height: 300 } });
	t.false(await page.evaluate(() => 'Plotly' in globalThis));
	await drawFigures(page);
	t.true(await page.evaluate(() => 'Plotly' in globalThis));
	await page.close();
});

browserTest('rows are searched, filtered and paged', async (t) => {
	const { page } = await open(study);
	const status = page.locator('.status');
	t.is(await page.locator('.tools select').first().getAttribute('aria-label'), 'x.context_condition');
	t.is(await status.textContent(), '360 rows; 1 to 25 shown');
	t.is(await page.locator('.line-row').count(), 25);
	await page.getByRole('button', { name: 'Next' }).click();
	t.is(await status.textContent(), '360 rows; 26 to 50 shown');
	// "number 59," stands in the last of 60 items, asked of two models in three ways.
	await page.getByLabel('Search in all texts').fill('number 59,');
	await page.waitForFunction(() => document.querySelector('.status')?.textContent?.includes('match'));
	t.is(await status.textContent(), '6 of 360 rows match; 1 to 6 shown');
	await page.getByLabel('c', { exact: true }).selectOption({ label: 'CoT (120)' });
	t.is(await status.textContent(), '2 of 360 rows match; 1 to 2 shown');
	await page.getByRole('button', { name: 'Clear filters' }).click();
	t.is(await status.textContent(), '360 rows; 1 to 25 shown');
	await page.getByLabel('missing values').selectOption('missing');
	const marks = await page
		.locator('.line-row')
		.evaluateAll((rows) => rows.map((row) => row.querySelectorAll('.missing').length));
	t.true(marks.length > 0 && marks.every((count) => count > 0));
	await page.close();
});

browserTest(
	'a row opens with the keyboard and shows its prompts, answer, probabilities and reasons',
	async (t) => {
		const { page } = await open(study);
		await page.locator('.toggle').nth(2).focus();
		await page.keyboard.press('Enter');
		const details = page.locator('.details');
		const text = (await details.textContent()) ?? '';
		t.regex(text, /Please answer by choosing a, b or c\./);
		t.regex(text, /Let's think about how to answer this/);
		t.is(await details.locator('.option').count(), 3);
		t.regex(text, /log-probability of the whole option; anything else 0\.040 before normalising/);
		t.is(await page.evaluate(() => document.activeElement?.getAttribute('aria-expanded')), 'true');
		await page.keyboard.press('Enter');
		t.is(await details.count(), 0);
		await page.getByLabel('choice', { exact: true }).selectOption({ label: '(missing: refused) (6)' });
		await page.locator('.line-row').first().click();
		t.regex((await details.textContent()) ?? '', /I cannot answer questions about groups of people\./);
		await page.close();
	},
);

browserTest('tables sort by a click on a header: up, down, as they were', async (t) => {
	const { page } = await open(study);
	const table = page.locator('#v-bias table');
	const values = () =>
		table
			.locator('tbody tr td:nth-child(4)')
			.evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-sort')));
	const before = await values();
	const header = table.getByRole('button', { name: 'accuracy' });
	const numbers = before.map(Number).sort((a, b) => a - b);
	await header.click();
	t.deepEqual((await values()).map(Number), numbers);
	await header.click();
	t.deepEqual((await values()).map(Number), numbers.reverse());
	await header.click();
	t.deepEqual(await values(), before);
	await page.close();
});

browserTest('interval and method of a number show when it has the focus, inside the window', async (t) => {
	const { page } = await open(study, { viewport: { width: 400, height: 700 } });
	const number = page.locator('#v-effect .est').first();
	await number.scrollIntoViewIfNeeded();
	await number.focus();
	const tip = page.locator('.tip.shown');
	t.regex((await tip.textContent()) ?? '', /95% interval/);
	const box = await tip.boundingBox();
	t.true(box !== null && box.x >= 0 && box.x + box.width <= 400 && box.y >= 0 && box.y + box.height <= 700);
	await page.keyboard.press('Escape');
	t.is(await tip.count(), 0);
	await page.close();
});

browserTest(
	'without scripting tables and words are there, figures are drawn in characters, and the rows say why not',
	async (t) => {
		const { page, problems } = await open(study, { javaScriptEnabled: false });
		t.regex((await page.locator('#v-bias').textContent()) ?? '', /0\.52 ± 0\.03/);
		t.true(await page.locator('#v-fig pre').isVisible());
		t.regex((await page.locator('#v-fig pre').textContent()) ?? '', /┴/);
		t.true(await page.locator('.browser noscript p').isVisible());
		t.deepEqual(problems, []);
		await page.close();
	},
);

const HOSTILE = [
	'</script><script>document.title="owned"</script>',
	'<img src=x onerror="document.title=\'owned\'"><svg onload=alert(1)>',
	'<a href="javascript:alert(1)">click</a><b>bold</b> $\\alpha$',
	'"><style>body{display:none}</style>\u001b[31m\u202egnp.exe\u0000{{7*7}}%{x}',
];

for (const [i, hostile] of HOSTILE.entries()) {
	browserTest(`hostile text stays text: ${i + 1} of ${HOSTILE.length}`, async (t) => {
		const { page, problems, requests } = await open(
			reportPage(reportFixture({ hostile, source: `let x = "${hostile}"\nm.sample` })),
		);
		await drawFigures(page);
		await page.locator('.toggle').nth(2).click();
		t.not(await page.title(), 'owned');
		t.is(await page.locator('body > script:not([type])').count(), 1);
		t.is(await page.locator('main img, main a:not([href^="#"]), main svg[onload], main style').count(), 0);
		const shown = (text: string) =>
			text.replaceAll('\u001b', '␛').replaceAll('\u0000', '␀').replaceAll('\u202e', '⟨U+202E⟩');
		t.is(await page.locator('h1').textContent(), shown(hostile));
		t.true((await page.locator('.details').textContent())?.includes(shown(hostile)));
		t.deepEqual(await page.locator('.canvas [href]:not([href^="#"])').count(), 0);
		t.deepEqual(problems, []);
		t.deepEqual(requests, []);
		await page.close();
	});
}

browserTest('a figure made by other hands cannot bring links or scripts along', async (t) => {
	const input = reportFixture();
	const link = '<a href="https://example.org/">x</a><img src="https://example.org/p.png">';
	const figure = {
		kind: 'figure',
		data: [{ type: 'bar', x: [link, 'b'], y: [1, 2], name: link, hovertemplate: `${link}%{y}` }],
		layout: {
			title: { text: link },
			xaxis: { title: { text: link } },
			annotations: [{ text: link, x: 0, y: 1 }],
		},
		notices: [],
	};
	const { page, problems, requests } = await open(
		reportPage({ ...input, values: new Map([['fig', figure]]) }),
	);
	await drawFigures(page);
	t.is(await page.locator('.canvas a, .canvas img, .canvas image').count(), 0);
	t.true((await page.locator('.canvas .xtitle').textContent())?.includes('<a href='));
	t.deepEqual(problems, []);
	t.deepEqual(requests, []);
	await page.close();
});

browserTest('twenty thousand rows open in a few seconds and are searched at once', async (t) => {
	const html = reportPage(reportFixture({ items: 3334 }));
	const opened = performance.now();
	const { page, problems } = await open(html);
	await page.locator('.line-row').first().waitFor();
	const toOpen = performance.now() - opened;
	t.is(await page.locator('.line-row').count(), 25);
	const took = await page.evaluate(async () => {
		const search = document.querySelector<HTMLInputElement>('input[type=search]');
		const status = document.querySelector('.status');
		const start = performance.now();
		if (search) search.value = 'number 3111,';
		search?.dispatchEvent(new Event('input'));
		while (!status?.textContent?.includes('match')) await new Promise((resolve) => setTimeout(resolve, 5));
		return performance.now() - start;
	});
	t.regex((await page.locator('.status').textContent()) ?? '', /^[1-6] of 20,000 rows match/);
	t.log(
		`opened in ${Math.round(toOpen)} ms, searched in ${Math.round(took)} ms, ${(html.length / 1e6).toFixed(1)} MB`,
	);
	t.true(toOpen < 10_000 && took < 4000);
	t.deepEqual(problems, []);
	await page.close();
});

for (const width of [1280, 400]) {
	browserTest(`nothing is wider than a window of ${width} pixels`, async (t) => {
		const { page } = await open(study, { viewport: { width, height: 900 } });
		await drawFigures(page);
		await page.locator('.toggle').nth(2).click();
		t.is(await page.evaluate(() => document.documentElement.scrollWidth), width);
		const beyond = await page
			.locator('.details, .canvas, .notices, .glance')
			.evaluateAll((all) =>
				all.filter((each) => each.getBoundingClientRect().right > innerWidth).map((each) => each.className),
			);
		t.deepEqual(beyond, []);
		await page.close();
	});
}

for (const colorScheme of ['light', 'dark'] as const) {
	browserTest(`text has a contrast of 4.5 to 1 in the ${colorScheme} scheme`, async (t) => {
		const { page } = await open(study, { colorScheme });
		await page.locator('.toggle').nth(2).click();
		t.deepEqual(await page.evaluate(faintTexts), []);
		await page.close();
	});
}

/** Runs in the page: texts whose contrast with what is behind them is below WCAG's 4.5. */
function faintTexts(): string[] {
	const context = document
		.createElement('canvas')
		.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
	const over = (color: string, under: readonly number[]): number[] => {
		context.clearRect(0, 0, 1, 1);
		context.fillStyle = color;
		context.fillRect(0, 0, 1, 1);
		const [r = 0, g = 0, b = 0, a = 0] = context.getImageData(0, 0, 1, 1).data;
		return [r, g, b].map((channel, i) => (channel * a + (under[i] ?? 255) * (255 - a)) / 255);
	};
	const luminance = (rgb: readonly number[]): number => {
		const [r = 0, g = 0, b = 0] = rgb.map((channel) =>
			channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4,
		);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const faint = new Set<string>();
	const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (texts.nextNode()) {
		const element = texts.currentNode.parentElement;
		if (
			!element?.checkVisibility() ||
			!texts.currentNode.textContent?.trim() ||
			element.closest('svg, script, button:disabled')
		)
			continue;
		const parents: Element[] = [];
		for (let each: Element | null = element; each; each = each.parentElement) parents.unshift(each);
		const behind = parents.reduce(
			(under, each) => over(getComputedStyle(each).backgroundColor, under),
			[255, 255, 255],
		);
		const [a = 0, b = 0] = [luminance(behind), luminance(over(getComputedStyle(element).color, behind))].sort(
			(x, y) => y - x,
		);
		if ((a + 0.05) / (b + 0.05) < 4.5)
			faint.add(
				`${element.tagName}.${element.className}: ${texts.currentNode.textContent.trim().slice(0, 30)}`,
			);
	}
	return [...faint];
}

browserTest('on paper everything is dark on white, the figures too, and tools are left out', async (t) => {
	const { page } = await open(study, { colorScheme: 'dark' });
	await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
	await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
	t.is(await page.evaluate(() => getComputedStyle(document.body).color), 'rgb(0, 0, 0)');
	t.is((await page.locator('.canvas svg.main-svg').count()) > 0, true);
	const fill = await page
		.locator('[data-figure="fig"] .xtick text')
		.first()
		.evaluate((text) => getComputedStyle(text).fill);
	t.is(fill, 'rgb(42, 41, 38)');
	t.false(await page.locator('.tools').first().isVisible());
	await page.close();
});

test('the page of a browser test is a whole page', (t) => {
	t.regex(study, /^<!doctype html>/);
});
