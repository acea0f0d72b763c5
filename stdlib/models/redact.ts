/** What a key looks like wherever it turns up: OpenAI's and Anthropic's, and whatever a server calls a bearer. */
const KEY_SHAPES = /\b(?:sk|pk|rk)-[\w-]{12,}|\bBearer\s+[^\s"',}]+/gi;

export const REDACTED = '[redacted]';

/** Replaces the secrets, plain or encoded, and everything in the shape of a key. Servers echo keys in their errors. */
export function redactor(secrets: readonly (string | null | undefined)[]): (text: string) => string {
	const forms = new Set<string>();
	for (const secret of secrets) {
		if (!secret || secret.length < 4) continue;
		forms.add(secret);
		forms.add(encodeURIComponent(secret));
		forms.add(JSON.stringify(secret).slice(1, -1));
		forms.add(Buffer.from(secret).toString('base64'));
	}
	const longestFirst = [...forms].sort((a, b) => b.length - a.length);
	return (text) => {
		let clean = text;
		for (const form of longestFirst) if (clean.includes(form)) clean = clean.replaceAll(form, REDACTED);
		return clean.replace(KEY_SHAPES, REDACTED);
	};
}

/** For what a model wrote: only the secrets themselves go, since a study may be about things shaped like keys. */
export function secretRemover(secrets: readonly (string | null | undefined)[]): (text: string) => string {
	const known = secrets.filter(
		(secret): secret is string => typeof secret === 'string' && secret.length >= 8,
	);
	return (text) => {
		for (const secret of known)
			if (text.includes(secret)) return known.reduce((clean, s) => clean.replaceAll(s, REDACTED), text);
		return text;
	};
}
