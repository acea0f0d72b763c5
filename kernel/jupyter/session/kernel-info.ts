import { createRequire } from 'node:module';
import { PROTOCOL_VERSION } from '../wire/codec.ts';

const require = createRequire(import.meta.url);

const versionOf = (manifest: string): string => String((require(manifest) as { version?: unknown }).version);

/** The content of `kernel_info_reply`. */
export function kernelInfo(): object {
	const assay = versionOf('../../../package.json');
	const typescript = versionOf('typescript/package.json');
	return {
		status: 'ok',
		protocol_version: PROTOCOL_VERSION,
		implementation: 'assay',
		implementation_version: assay,
		language_info: {
			name: 'typescript',
			version: typescript,
			mimetype: 'text/typescript',
			file_extension: '.ts',
			pygments_lexer: 'typescript',
			// A name, not an object: CodeMirror 6 looks an object up by its `name` and would find JavaScript.
			codemirror_mode: 'typescript',
			nbconvert_exporter: 'script',
		},
		banner: `Assay ${assay}: TypeScript ${typescript} on Node ${process.versions.node}, and studies in cells that begin with %%assay`,
		debugger: false,
		supported_features: [],
		help_links: [
			{ text: 'TypeScript', url: 'https://www.typescriptlang.org/docs/' },
			{ text: 'Node.js', url: 'https://nodejs.org/api/' },
			{ text: 'Danfo.js', url: 'https://danfo.jsdata.org/' },
			{ text: 'Plotly', url: 'https://plotly.com/javascript/' },
		],
	};
}
