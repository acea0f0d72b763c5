// Makes the README's picture, docs/quickstart.png, from the quickstart as it was run: `node test/browser/picture.ts`, with pngquant.
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { kernelIdle, LAB, startJupyter } from './jupyter.ts';
import { launch } from './launch.ts';

const out = resolve(import.meta.dirname, '../../docs/quickstart.png');
const server = await startJupyter(LAB, {});
const browser = await launch();
try {
	const page = await browser.newPage({ viewport: { width: 1120, height: 1200 }, deviceScaleFactor: 1.5 });
	await page.goto(`${server.origin}/lab/tree/quickstart.ipynb`);
	await page.locator('.jp-Notebook .jp-CodeCell').first().waitFor({ timeout: 120_000 });
	await kernelIdle(server);
	await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor({ timeout: 60_000 });
	await page
		.getByRole('button', { name: 'No', exact: true })
		.click({ timeout: 20_000 })
		.catch(() => {});
	await page.keyboard.press('Control+B');
	// Below it first: what is outside the window is drawn when it comes near.
	await page.locator('.assay-plotly').first().scrollIntoViewIfNeeded();
	await page.locator('.assay-plotly .main-svg').first().waitFor();
	await page
		.locator('.jp-CodeCell', { hasText: 'table bias' })
		.first()
		.evaluate((cell) => cell.scrollIntoView({ block: 'start' }));
	await page.waitForTimeout(1500);
	await page.screenshot({ path: out });
} finally {
	await browser.close();
	await server.stop();
}
execFileSync('pngquant', ['--force', '--ext', '.png', '--quality', '60-95', '--strip', out]);
