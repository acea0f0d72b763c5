import { gunzipSync } from 'node:zlib';
import { UserError } from '../../../stdlib/define.ts';
import { secretsOf } from '../../engine/calls/redact.ts';
import { notebookText, parseNotebook } from '../document.ts';

/** How keys of well-known services begin, and private keys. */
const PATTERNS = [
	/\bsk-[A-Za-z0-9_-]{20,}/,
	/\bhf_[A-Za-z0-9]{30,}/,
	/\bgh[pousr]_[A-Za-z0-9]{36,}/,
	/\bgithub_pat_\w{50,}/,
	/\bAKIA[0-9A-Z]{16}\b/,
	/\bAIza[\w-]{35}/,
	/\bxox[abprs]-[\w-]{10,}/,
	/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/,
];

/** Throws a `UserError` that says where a key is, and not what it is. */
export function refuseSecrets(contents: ReadonlyMap<string, Uint8Array>, env: NodeJS.ProcessEnv): void {
	const secrets = secretsOf(env);
	for (const [name, bytes] of contents) {
		const text = Buffer.from(name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
		const known = secrets.some((secret) => text.includes(Buffer.from(secret).toString('latin1')));
		if (!known && !PATTERNS.some((pattern) => pattern.test(text))) continue;
		const place = name.endsWith('.ipynb') ? cellWith(bytes, secrets) : null;
		throw new UserError(
			`${place ?? name} holds ${known ? 'a key of your environment' : 'what looks like a key'}: nothing was packed`,
			'take it out, and read it from the environment instead; a key that has been in a file is best replaced',
		);
	}
}

function cellWith(bytes: Uint8Array, secrets: readonly string[]): string | null {
	const document = parseNotebook(Buffer.from(bytes).toString(), 'the notebook');
	const at = document.cells.findIndex((cell) => {
		const text = notebookText({ ...document, metadata: {}, cells: [cell] });
		return secrets.some((secret) => text.includes(secret)) || PATTERNS.some((pattern) => pattern.test(text));
	});
	return at < 0 ? null : `cell ${at + 1} of the notebook (text cells counted)`;
}
