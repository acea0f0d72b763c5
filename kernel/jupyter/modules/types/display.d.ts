/** Shows things in the output of the cell whose code calls it. */
export interface Display {
	html(html: string): void;
	markdown(markdown: string): void;
	text(text: string): void;
	javascript(code: string): void;
	svg(svg: string): void;
	png(bytes: Uint8Array): void;
	jpeg(bytes: Uint8Array): void;
	gif(bytes: Uint8Array): void;
	webp(bytes: Uint8Array): void;
	pdf(bytes: Uint8Array): void;
	/** Bytes are sent as base64, text and JSON values as they are. */
	raw(mimeType: string, content: string | Uint8Array | object): void;
	/** Several forms of one thing; the front end shows the richest that it can. */
	bundle(data: Readonly<Record<string, unknown>>, metadata?: Readonly<Record<string, unknown>>): void;
}

/** Each call shows something more. */
export declare const display: Display;

/** A place in the output: the first call shows it, later ones replace what it shows, also from other cells. */
export declare function newDisplay(): Display;
