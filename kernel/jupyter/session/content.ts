/** Reads what a request says; what is missing or of another kind counts as left out. */
export type Content = Readonly<Record<string, unknown>>;

export const textOf = (content: Content, name: string, otherwise = ''): string =>
	typeof content[name] === 'string' ? content[name] : otherwise;

export const numberOf = (content: Content, name: string, otherwise = 0): number =>
	typeof content[name] === 'number' && Number.isFinite(content[name]) ? content[name] : otherwise;

export const flagOf = (content: Content, name: string, otherwise: boolean): boolean =>
	typeof content[name] === 'boolean' ? content[name] : otherwise;

export const recordOf = (content: Content, name: string): Content => {
	const value = content[name];
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Content) : {};
};
