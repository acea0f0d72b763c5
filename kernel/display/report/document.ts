import { type Html, html, trustedHtml } from '../html.ts';
import { contentPolicy, pageScript, pageStyle } from './page-script.ts';

export interface PageParts {
	readonly title: string;
	/** Assay's own version. */
	readonly version: string;
	/** Plotly's source where the page has figures. */
	readonly plotly: string | null;
	/** Style beside that of all pages. */
	readonly style?: string;
	/** What its body is, for the style. */
	readonly kind?: string;
	/** What a reader with a keyboard may jump to first. */
	readonly skip: { readonly anchor: string; readonly text: string };
	readonly body: Html;
}

/** A whole page in one file: no request leaves it, and no script but its own runs in it. */
export function pageDocument({ title, version, plotly, style, kind, skip, body }: PageParts): string {
	const script = pageScript();
	return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trustedHtml(contentPolicy([script, plotly]))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Assay ${version}">
<title>${title}</title>
<style>${trustedHtml(pageStyle())}${style === undefined ? null : trustedHtml(`\n${style}`)}</style>
</head>
<body${kind === undefined ? null : html` class="${kind}"`}>
<a class="skip" href="#${skip.anchor}">${skip.text}</a>
${body}
<footer>Made by Assay ${version}. The page is one file; it asks for nothing from anywhere.</footer>
${plotly === null ? null : html`<script type="text/plain" id="plotly-source">${trustedHtml(plotly)}</script>`}
<script>${trustedHtml(script)}</script>
</body>
</html>
`.text;
}
