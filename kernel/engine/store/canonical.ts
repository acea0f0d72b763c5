import { hash } from 'node:crypto';
import type { ModelIdentity } from '../../../stdlib/models/provider.ts';

const texts = new WeakMap<ModelIdentity, string>();

/** The identity as JSON with its settings in alphabetical order: equal identities give equal texts. */
export function identityText(identity: ModelIdentity): string {
	let text = texts.get(identity);
	if (text === undefined) {
		const settings = Object.entries(identity).filter(([, value]) => value !== undefined);
		settings.sort(([a], [b]) => (a < b ? -1 : 1));
		text = JSON.stringify(Object.fromEntries(settings));
		texts.set(identity, text);
	}
	return text;
}

/** A call's key, the sha256 in hex, from `identityText` and `requestText`: what is kept can be checked against its key. */
export const keyOfTexts = (identity: string, request: string): string =>
	hash('sha256', `${identity}\n${request}`);
