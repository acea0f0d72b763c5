import { type NotebookDocument, parseNotebook } from '../../kernel/notebook/document.ts';
import { notebookPage } from '../../kernel/notebook/page/page.ts';
import { browserTest, drawFigures, open } from './chromium.ts';

const PIXEL =
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const shown = (data: Record<string, unknown>) => ({ output_type: 'display_data', data, metadata: {} });
const code = (source: string, ...outputs: unknown[]) => ({
	cell_type: 'code',
	source,
	execution_count: 1,
	metadata: {},
	outputs,
});
const markdown = (source: string, more = {}) => ({ cell_type: 'markdown', source, metadata: {}, ...more });

const notebook = (...cells: unknown[]): NotebookDocument =>
	parseNotebook(JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }), 'test.ipynb');

const page = (...cells: unknown[]): string =>
	notebookPage(notebook(...cells), { name: 'test.ipynb', folder: null, version: '0.0.0' });

const bars = {
	data: [{ type: 'bar', x: ['a', 'b'], y: [1, 2], name: 'one' }],
	layout: { title: { text: 'Bars of <a href="https://example.org/">two</a>' } },
};

const whole = page(
	markdown('# Title of it\n\n*First* | second\n--- | ---\n1 | 2\n\n## Part\n\n![p](attachment:p.png)', {
		attachments: { 'p.png': { 'image/png': PIXEL } },
	}),
	code('%%assay\nmodel m = simulated(accuracy: 0.7)'),
	code(
		'const n: number = 1; // why\nf(`a\n b`)',
		{
			output_type: 'stream',
			name: 'stdout',
			text: '10%\r100%\n\u001b[31mred\u001b[0m\u001b]8;;https://x.y\u0007k',
		},
		shown({ 'application/vnd.plotly.v1+json': bars, 'text/html': 'no', 'text/plain': 'no' }),
		shown({ 'text/html': '<table><tr><td style="text-align:right;position:fixed">7</td></tr></table>' }),
		shown({ 'image/png': PIXEL, 'text/plain': 'a pixel' }),
		{
			output_type: 'error',
			ename: 'E',
			evalue: 'm',
			traceback: ['\u001b[1mE\u001b[22m: m', '  at Cell [1]'],
		},
	),
);

browserTest(
	'a notebook is a page: its cells, their figures and pictures, and nothing from elsewhere',
	async (t) => {
		const { page, problems, requests } = await open(whole);
		await drawFigures(page);
		t.is(await page.title(), 'Title of it');
		t.deepEqual(await page.locator('nav a').allTextContents(), ['Title of it', 'Part']);
		t.is(await page.locator('.prose table td').count(), 2);
		const sources = page.locator('.cell-source code');
		t.is(await sources.nth(0).locator('.kw').first().textContent(), 'model');
		t.is(await sources.nth(1).locator('.kw').first().textContent(), 'const');
		t.is(await sources.nth(1).locator('.com').textContent(), '// why');
		t.is(await sources.nth(1).textContent(), 'const n: number = 1; // why\nf(`a\n b`)');
		const stream = page.locator('.stream.stdout');
		t.is(await stream.textContent(), '100%\nredk');
		t.is(await stream.locator('.ansi-red-fg').textContent(), 'red');
		t.is(await stream.locator('a').count(), 0);
		t.regex((await page.locator('.stream.failed').textContent()) ?? '', /^E: m\n {2}at Cell \[1\]$/);
		t.is(await page.locator('.canvas .bars .point').count(), 2);
		t.is(await page.locator('.markup td').evaluate((cell) => getComputedStyle(cell).textAlign), 'right');
		t.is(await page.locator('.markup td').evaluate((cell) => getComputedStyle(cell).position), 'static');
		t.is(
			await page
				.locator('img')
				.evaluateAll((all) => all.filter((one) => (one as HTMLImageElement).naturalWidth === 1).length),
			2,
		);
		await page.getByLabel('hide code').check();
		t.false(await sources.first().isVisible());
		t.deepEqual(problems, []);
		t.deepEqual(requests, []);
		await page.close();
	},
);

browserTest('a bar says its value when it is pointed at', async (t) => {
	const { page } = await open(whole);
	await drawFigures(page);
	await page.locator('.canvas .bars .point path').nth(1).hover({ force: true });
	await page.locator('.canvas .hoverlayer .hovertext').first().waitFor();
	t.regex((await page.locator('.canvas .hoverlayer').textContent()) ?? '', /2/);
	await page.close();
});

const ATTACKS = [
	'<script>document.title="owned"</script>',
	'<img src=x onerror="document.title=\'owned\'">',
	'<svg onload="document.title=\'owned\'"><script>document.title="owned"</script><circle r="5"/></svg>',
	'<svg><svg></svg><image href="https://example.org/p.png"/><foreignObject><iframe srcdoc="<script>parent.document.title=1</script>"></iframe></foreignObject></svg>',
	'<a href="javascript:document.title=\'owned\'">x</a><a href=" jav&#x09;ascript:alert(1)">y</a>',
	'<iframe src="https://example.org/"></iframe><object data="https://example.org/"></object><embed src="https://example.org/">',
	'<form action="https://example.org/"><input name=a autofocus onfocus="document.title=\'owned\'"></form>',
	'<meta http-equiv="refresh" content="0;url=https://example.org/"><base href="https://example.org/"><link rel=stylesheet href="https://example.org/s.css">',
	'<div style="position:fixed;inset:0;background:url(https://example.org/p.png)">over</div><style>body{display:none}</style>',
	'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=document.title=1&gt;">',
	'</pre></code></div></main><script>document.title="owned"</script>',
	'```</code></pre><script>document.title="owned"</script>\n[x](javascript:document.title=1) ![y](https://example.org/p.png)',
];

/** A text in every place of a notebook. */
const everywhere = (attack: string): unknown[] => [
	markdown(attack),
	code(
		attack,
		{ output_type: 'stream', name: 'stdout', text: attack },
		shown({ 'text/html': attack }),
		shown({ 'text/html': `<table><tr><td>${attack}` }),
		shown({ 'image/svg+xml': attack }),
		shown({ 'text/markdown': attack }),
		shown({ 'application/javascript': 'document.title="owned"' }),
		shown({ 'image/png': `"><script>document.title='owned'</script>`, 'text/plain': attack }),
		shown({
			'application/vnd.plotly.v1+json': {
				data: [{ type: 'scatter', x: [1], y: [1], text: [attack], name: attack, hovertemplate: attack }],
				layout: { title: { text: attack }, images: [{ source: 'https://example.org/p.png' }] },
			},
		}),
		{ output_type: 'error', ename: attack, evalue: attack, traceback: [attack] },
	),
];

const ACTIVE = ['script:not([type="application/json"])', 'iframe', 'form', 'style', 'base', 'meta', 'object'];

browserTest(
	'what a notebook brings does not run, load or cover anything, in whichever place it stands',
	async (t) => {
		const {
			page: opened,
			problems,
			requests,
		} = await open(page(markdown('# Title'), ...ATTACKS.flatMap(everywhere)));
		await drawFigures(opened);
		t.deepEqual(problems, []);
		t.deepEqual([...new Set(requests)], []);
		t.is(await opened.title(), 'Title');
		t.is(await opened.locator(ACTIVE.map((name) => `main ${name}`).join(', ')).count(), 0);
		t.is(await opened.locator('main [href^="javascript" i], main [onerror], main [onload]').count(), 0);
		await opened.evaluate(() => scrollTo(0, document.body.scrollHeight));
		t.is(await opened.evaluate(() => document.elementFromPoint(400, innerHeight - 20)?.tagName), 'FOOTER');
		await opened.close();
	},
);

for (const [scheme, width] of [
	['light', 1280],
	['dark', 400],
] as const) {
	browserTest(`nothing is wider than a ${scheme} window of ${width} pixels`, async (t) => {
		const { page } = await open(whole, { viewport: { width, height: 900 }, colorScheme: scheme });
		await drawFigures(page);
		t.is(await page.evaluate(() => document.documentElement.scrollWidth), width);
		await page.close();
	});
}
