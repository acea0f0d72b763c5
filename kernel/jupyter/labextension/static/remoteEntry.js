// The container that JupyterLab loads: plain modules, and the page's shared ones through its share scope. There is no
// build step, so what is installed is what is read here.

{
	const base = document.currentScript.src;
	let scope = null;

	/** A module of the page by name: the newest version that it shares. */
	const shared = async (name) => {
		const versions = Object.entries(scope[name] ?? {});
		if (versions.length === 0) throw new Error(`this JupyterLab shares no ${name}`);
		const [, newest] = versions.sort(([a], [b]) => b.localeCompare(a, 'en', { numeric: true }))[0];
		return (await newest.get())();
	};

	const modules = {
		'./extension': async () => {
			const { extensionOf } = await import(new URL('extension.js', base).href);
			return { __esModule: true, default: await extensionOf(shared) };
		},
		'./mimeExtension': async () => {
			const [{ MIME_TYPE, rendererOf }, { Widget }] = await Promise.all([
				import(new URL('plotly.js', base).href),
				shared('@lumino/widgets'),
			]);
			const Rendered = rendererOf(Widget, base);
			return {
				__esModule: true,
				default: {
					id: '@assay/jupyterlab:plotly',
					description: 'Shows Plotly figures.',
					rendererFactory: {
						safe: true,
						mimeTypes: [MIME_TYPE],
						createRenderer: (options) => new Rendered(options),
					},
					rank: 0,
					dataType: 'json',
				},
			};
		},
	};

	globalThis._JUPYTERLAB = globalThis._JUPYTERLAB ?? {};
	globalThis._JUPYTERLAB['@assay/jupyterlab'] = {
		init: (shareScope) => {
			scope = shareScope;
		},
		get: async (name) => {
			const load = modules[name];
			if (!load) throw new Error(`@assay/jupyterlab has no ${name}`);
			const module = await load();
			return () => module;
		},
	};
}
