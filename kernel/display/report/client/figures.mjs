import { jsonOf } from './dom.mjs';

/** Below this width of a figure its legend stands under it. */
const NARROW = 620;

/** The figures of the page; Plotly is evaluated when the first of them comes near. */
export class Figures {
	constructor() {
		/** @type {HTMLElement[]} */
		this.waiting = [...document.querySelectorAll('[data-figure]')].map(
			(each) => /** @type {HTMLElement} */ (each),
		);
		/** @type {Map<HTMLElement, {data: any[], layout: any}>} */
		this.drawn = new Map();
		this.dark = matchMedia('(prefers-color-scheme: dark)');
		this.printing = false;
	}

	watch() {
		if (this.waiting.length === 0) return;
		const near = new IntersectionObserver(
			(entries) => {
				for (const { isIntersecting, target } of entries)
					if (isIntersecting) this.draw(/** @type {HTMLElement} */ (target));
			},
			{ rootMargin: '400px' },
		);
		for (const canvas of this.waiting) near.observe(canvas);
		this.dark.addEventListener('change', () => this.redraw());
		let width = innerWidth;
		addEventListener('resize', () => {
			// Between narrow and wide the legend moves.
			if (width > NARROW !== innerWidth > NARROW) this.redraw();
			width = innerWidth;
		});
		addEventListener('beforeprint', () => this.print(true));
		addEventListener('afterprint', () => this.print(false));
	}

	/** On paper everything is there, dark on white. @param {boolean} printing */
	print(printing) {
		this.printing = printing;
		for (const canvas of this.waiting) this.draw(canvas);
		this.redraw();
	}

	/** @param {HTMLElement} canvas */
	draw(canvas) {
		if (this.drawn.has(canvas)) return;
		const name = canvas.dataset.figure ?? '';
		const script = document.querySelector(`[data-figure-json="${CSS.escape(name)}"]`);
		const figure = jsonOf(script);
		this.drawn.set(canvas, figure);
		try {
			this.plot(canvas, figure);
		} catch (error) {
			canvas.textContent = `This figure could not be drawn: ${error instanceof Error ? error.message : error}`;
		}
	}

	redraw() {
		for (const [canvas, figure] of this.drawn) this.plot(canvas, figure);
	}

	/**
	 * @param {HTMLElement} canvas
	 * @param {{data: any[], layout: any}} figure
	 */
	plot(canvas, figure) {
		const look = lookOf(this.dark.matches && !this.printing, canvas.clientWidth < NARROW);
		const layout = themed(figure.layout, look);
		const data = figure.data.map((trace) => (look.dark ? lightened(trace) : trace));
		plotly().react(canvas, data, layout, {
			responsive: true,
			displaylogo: false,
			modeBarButtonsToRemove: ['select2d', 'lasso2d', 'toImage'],
			modeBarButtonsToAdd: [saveButton(figure, canvas.dataset.figure ?? 'figure')],
		});
	}
}

/** @returns {any} */
function plotly() {
	const page = /** @type {any} */ (globalThis);
	if (!page.Plotly) {
		// A copy of the script that the page carries as text; its hash is in the page's policy.
		const script = document.createElement('script');
		script.textContent = document.getElementById('plotly-source')?.textContent ?? '';
		document.head.append(script);
	}
	return page.Plotly;
}

/**
 * A saved picture has the title and notices that the page shows as text.
 * @param {{data: any[], layout: any}} figure
 * @param {string} name
 */
const saveButton = (figure, name) => ({
	name: 'save',
	title: 'Save as a picture',
	icon: plotly().Icons.camera,
	click: () =>
		plotly().downloadImage(structuredClone(figure), {
			format: 'png',
			width: 1000,
			height: figure.layout.height ?? 560,
			scale: 2,
			filename: name,
		}),
});

/**
 * @param {boolean} dark
 * @param {boolean} narrow
 */
const lookOf = (dark, narrow) => ({
	dark,
	narrow,
	text: dark ? '#dedbd5' : '#2a2926',
	faint: dark ? '#3a3936' : '#e6e3dc',
	line: dark ? '#6d6a64' : '#a19d94',
});

/**
 * The layout in the page's colours; its words stand above it as text.
 * @param {any} layout
 * @param {ReturnType<typeof lookOf>} look
 */
function themed(layout, look) {
	const font = getComputedStyle(document.body).fontFamily;
	/** @type {any} */
	const out = {
		...structuredClone(layout),
		title: undefined,
		paper_bgcolor: 'rgba(0,0,0,0)',
		plot_bgcolor: 'rgba(0,0,0,0)',
		font: { ...layout.font, family: font, size: look.narrow ? 12 : 13, color: look.text },
		margin: { l: look.narrow ? 48 : 64, r: 16, b: 56, ...layout.margin, t: 16 },
		annotations: (layout.annotations ?? []).filter((/** @type {any} */ each) => each.name !== 'caption'),
		height: layout.height ?? (look.narrow ? 380 : 440),
		autosize: true,
	};
	for (const key of Object.keys(out)) {
		if (/^[xy]axis\d*$/.test(key))
			out[key] = {
				...out[key],
				automargin: true,
				gridcolor: look.faint,
				zerolinecolor: look.line,
				linecolor: look.line,
				tickcolor: look.line,
			};
	}
	if (look.narrow)
		out.legend = { ...out.legend, orientation: 'h', x: 0, xanchor: 'left', y: -0.25, yanchor: 'top' };
	return out;
}

/** Colours made for white paper, on a dark page: the same hues, lighter. */
const ON_DARK = new Map([
	['#0072b2', '#4ba9e3'],
	['#d55e00', '#f2894a'],
	['#009e73', '#3fc79d'],
	['#cc79a7', '#dd9cc0'],
	['#000000', '#e8e6e1'],
	['#000', '#e8e6e1'],
	['black', '#e8e6e1'],
]);

/**
 * @param {any} value
 * @returns {any}
 */
function lightened(value) {
	if (typeof value === 'string') return ON_DARK.get(value.toLowerCase()) ?? value;
	if (Array.isArray(value))
		return value.length > 0 && typeof value[0] === 'object' ? value.map(lightened) : value;
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, lightened(each)]));
}
