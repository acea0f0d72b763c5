/** Replaces every secret of the environment in a text. */
export type Redact = (text: string) => string;

const SECRET_NAME = /(?:^|_)(?:API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)(?:_|$)/i;

/** Short or plain words are values such as `password`, and masking them would mask what a study says. */
const isSecretValue = (value: string): boolean =>
	value.length >= 16 || (value.length >= 8 && /[^a-z]/i.test(value));

export const REDACTED = '[redacted]';

/** Whether a variable of the environment holds a secret by its name. */
export const isSecretName = (name: string): boolean => SECRET_NAME.test(name);

/** Secrets are the values of variables whose names say so: `OPENAI_API_KEY`, `HF_TOKEN`, `DB_PASSWORD`. */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): readonly string[] {
	const secrets = new Set<string>();
	for (const [name, value] of Object.entries(env)) {
		if (value === undefined || !isSecretName(name) || !isSecretValue(value)) continue;
		for (const form of [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)])
			secrets.add(form);
	}
	// The longest first, so that a secret that contains another goes as a whole.
	return [...secrets].sort((a, b) => b.length - a.length);
}

export function createRedact(env: Readonly<Record<string, string | undefined>> = process.env): Redact {
	const secrets = secretsOf(env);
	return (text) => {
		let clean = text;
		for (const secret of secrets) if (clean.includes(secret)) clean = clean.replaceAll(secret, REDACTED);
		return clean;
	};
}

/** Overwrites secrets with asterisks of the same length, for bytes whose layout must stay; copies only when it has to. */
export function createRedactBytes(
	env: Readonly<Record<string, string | undefined>> = process.env,
): (bytes: Uint8Array) => Uint8Array {
	const secrets = secretsOf(env).map((secret) => Buffer.from(secret));
	return (bytes) => {
		const original = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		let copy: Buffer | null = null;
		for (const secret of secrets) {
			for (let at = original.indexOf(secret); at >= 0; at = original.indexOf(secret, at + secret.length)) {
				copy ??= Buffer.from(original);
				copy.fill('*', at, at + secret.length);
			}
		}
		return copy ?? bytes;
	};
}

/** Redacts by the environment of this process, read anew at each use: for messages, not for rows. */
export const redact: Redact = (text) => createRedact()(text);
