export interface Paint {
	readonly error: (text: string) => string;
	readonly warning: (text: string) => string;
	readonly good: (text: string) => string;
	readonly accent: (text: string) => string;
	readonly bold: (text: string) => string;
	readonly dim: (text: string) => string;
}

const plain = (text: string): string => text;
const sgr =
	(on: number, off: number) =>
	(text: string): string =>
		`\u001b[${on}m${text}\u001b[${off}m`;

const colored: Paint = {
	error: (text) => sgr(1, 22)(sgr(31, 39)(text)),
	warning: (text) => sgr(1, 22)(sgr(33, 39)(text)),
	good: sgr(32, 39),
	accent: sgr(36, 39),
	bold: sgr(1, 22),
	dim: sgr(2, 22),
};

const uncolored: Paint = {
	error: plain,
	warning: plain,
	good: plain,
	accent: plain,
	bold: plain,
	dim: plain,
};

export const paint = (color: boolean): Paint => (color ? colored : uncolored);

/** Whether a stream should get colours: NO_COLOR and FORCE_COLOR win over what the stream is. */
export function wantsColor(
	stream: { readonly isTTY?: boolean },
	env: NodeJS.ProcessEnv = process.env,
): boolean {
	if (env.NO_COLOR) return false;
	if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true;
	return stream.isTTY === true && env.TERM !== 'dumb';
}
