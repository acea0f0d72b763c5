import sanitizeHtml from 'sanitize-html';
import { type Html, html, trustedHtml, visibleControls } from '../../display/html.ts';

/** Values of styles that only shape what is there: no addresses, nothing that leaves its place. */
const PLAIN = /^(?!.*(?:url|expression|var|attr)\s*\()[\w\s#%.,()'"/+]*$/i;
const LENGTHS = /^(?!.*-\d)[\w\s%.-]*$/;

const STYLES: Readonly<Record<string, RegExp[]>> = {
	...Object.fromEntries(
		[
			'color background background-color border border-collapse border-color border-style border-radius',
			'border-left border-right border-top border-bottom opacity white-space vertical-align text-align',
			'text-decoration font font-family font-size font-style font-weight font-variant-numeric',
			'flex-wrap align-items justify-content',
		]
			.join(' ')
			.split(' ')
			.map((name) => [name, [PLAIN, /^[\w-]+$/]]),
	),
	...Object.fromEntries(
		[
			'width height max-width max-height min-width min-height gap line-height border-width border-spacing',
			'padding padding-left padding-right padding-top padding-bottom',
			'margin margin-left margin-right margin-top margin-bottom',
		]
			.join(' ')
			.split(' ')
			.map((name) => [name, [LENGTHS]]),
	),
	display: [/^(?:block|inline|inline-block|flex|inline-flex|grid|table|none)$/],
	'image-rendering': [/^[\w-]+$/],
	overflow: [/^(?:auto|hidden|scroll)$/],
};

const OPTIONS: sanitizeHtml.IOptions = {
	allowedTags: [
		...sanitizeHtml.defaults.allowedTags,
		'img',
		'details',
		'summary',
		'progress',
		'meter',
		'del',
		'ins',
	],
	allowedAttributes: {
		'*': ['style', 'title', 'dir', 'lang', 'align', 'role', 'aria-label'],
		a: ['href'],
		img: ['src', 'alt', 'width', 'height'],
		th: ['colspan', 'rowspan', 'scope'],
		td: ['colspan', 'rowspan'],
		progress: ['value', 'max'],
		meter: ['value', 'min', 'max', 'low', 'high', 'optimum'],
		details: ['open'],
	},
	allowedStyles: { '*': STYLES },
	allowedSchemes: ['http', 'https', 'mailto'],
	allowedSchemesByTag: { img: ['data'] },
	allowProtocolRelative: false,
	disallowedTagsMode: 'discard',
	transformTags: { a: sanitizeHtml.simpleTransform('a', { rel: 'noopener noreferrer nofollow' }) },
	exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !/^data:image\//i.test(attribs.src ?? ''),
};
const LINKS = { ...(OPTIONS.allowedAttributes as Record<string, string[]>), a: ['href', 'rel'] };

/**
 * HTML that somebody else wrote, as a cell's output: its shape stays; scripts, event handlers, frames, forms, style
 * sheets and addresses of other hosts' pictures go. Drawings become pictures, in which nothing runs.
 */
export function sanitisedHtml(markup: string): Html {
	const pictures = markup.replace(/<svg\b[\s\S]*?<\/svg\s*>/gi, (svg) => svgPicture(svg, '').text);
	const clean = sanitizeHtml(pictures, { ...OPTIONS, allowedAttributes: LINKS });
	return trustedHtml(visibleControls(clean));
}

/** A drawing as a picture: its scripts do not run there, and it can load nothing. */
export function svgPicture(svg: string, alt: string): Html {
	const named = /^[^>]*\bxmlns=/.test(svg)
		? svg
		: svg.replace(/<svg\b/i, '<svg xmlns="http://www.w3.org/2000/svg"');
	return html`<img src="data:image/svg+xml;base64,${Buffer.from(named).toString('base64')}" alt="${alt}">`;
}
