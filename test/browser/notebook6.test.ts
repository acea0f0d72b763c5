import test from 'ava';
import { newPage, shoot } from './chromium.ts';
import { CLASSIC, isHere, kernelConnected, startJupyter } from './jupyter.ts';
import { browserIsHere } from './launch.ts';

const PARAMS = JSON.stringify({ model_name: 'simulated', source: 'miniature' });
const title = 'classic Notebook 6 runs the quickstart and shows its tables and figures';

if ((isHere(CLASSIC) && browserIsHere()) || process.env.CI === 'true') {
	test(title, async (t) => {
		if (!isHere(CLASSIC)) return t.fail(CLASSIC.missing);
		const server = await startJupyter(CLASSIC, { ASSAY_PARAMS: PARAMS });
		t.teardown(server.stop);
		const problems: string[] = [];
		const page = await newPage(problems, { viewport: { width: 1200, height: 1000 } });
		await page.goto(`${server.origin}/notebooks/quickstart.ipynb`);
		await kernelConnected(server);
		await page.locator('#kernel_indicator_icon.kernel_idle_icon').waitFor({ timeout: 60_000 });
		await page.locator('#celllink').click();
		await page.locator('#run_all_cells').click();
		await page.waitForFunction(
			() => {
				const prompts = [...document.querySelectorAll('.code_cell .input_prompt')];
				return prompts.every(({ textContent }) => /\[\d+\]/.test(textContent ?? ''));
			},
			null,
			{ timeout: 240_000 },
		);
		const outputs = page.locator('.output_area');
		t.is(
			await page.locator('.output_error').count(),
			0,
			(await page.locator('.output_error').allTextContents()).join(),
		);
		t.true((await outputs.allTextContents()).some((text) => /bias[\s\S]*ambig[\s\S]*\(n = \d+\)/.test(text)));
		const figures = page.locator('.output_area .assay-figure svg');
		t.is(await figures.count(), 2);
		for (const [i, figure] of (await figures.all()).entries()) {
			await figure.scrollIntoViewIfNeeded();
			const box = await figure.boundingBox();
			t.true((box?.width ?? 0) > 300 && (box?.height ?? 0) > 200, JSON.stringify(box));
			await shoot(page, `classic-figure-${i}`);
		}
		await page.locator('.code_cell').first().scrollIntoViewIfNeeded();
		await shoot(page, 'classic-top');
		// Debian configures an extension for widgets that it only recommends.
		t.deepEqual(
			problems.filter((problem) => !problem.includes('/nbextensions/widgets/')),
			[],
		);
		await page.close();
	});
} else
	test.skip(`${title} (skipped: ${isHere(CLASSIC) ? 'there is no Chromium' : CLASSIC.missing})`, () => {});
