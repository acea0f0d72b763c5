// Shows application/vnd.plotly.v1+json. Plotly itself is a file beside this one, loaded with the first figure.

export const MIME_TYPE = 'application/vnd.plotly.v1+json';

let loading = null;

function loadPlotly(base) {
	loading ??= new Promise((resolve, reject) => {
		const script = document.createElement('script');
		script.src = new URL('plotly.min.js', base).href;
		// Where an AMD loader is on the page, Plotly would hand itself to it and set no global.
		const { define } = globalThis;
		globalThis.define = undefined;
		script.onload = () => {
			globalThis.define = define;
			resolve(globalThis.Plotly);
		};
		script.onerror = () => {
			globalThis.define = define;
			loading = null;
			reject(new Error(`${script.src} could not be loaded; run assay install again`));
		};
		document.head.append(script);
	});
	return loading;
}

/** Made with the page's own Widget class. */
export function rendererOf(Widget, base) {
	return class RenderedPlotly extends Widget {
		constructor({ mimeType }) {
			super();
			this.mimeType = mimeType;
			this.addClass('assay-plotly');
			this.node.style.cssText = 'width:100%;min-height:360px;overflow:hidden';
		}

		async renderModel(model) {
			const { data, layout, config } = model.data[this.mimeType];
			const plotly = await loadPlotly(base);
			const height = layout?.height ?? 440;
			this.node.style.height = `${height}px`;
			await plotly.react(this.node, data, inTheme({ ...layout, height, autosize: true }), {
				responsive: true,
				displaylogo: false,
				...config,
			});
		}

		onResize() {
			if (this.node.querySelector('.main-svg')) globalThis.Plotly?.Plots.resize(this.node);
		}

		onAfterShow() {
			this.onResize();
		}

		dispose() {
			if (!this.isDisposed) globalThis.Plotly?.purge(this.node);
			super.dispose();
		}
	};
}

/** Figures are made for white paper; on a dark page the paper stays white, so that their colours are right. */
const inTheme = (layout) => ({
	paper_bgcolor: 'white',
	plot_bgcolor: 'white',
	...layout,
});
