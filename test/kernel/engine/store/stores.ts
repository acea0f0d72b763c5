import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requestText } from '../../../../kernel/engine/calls/request.ts';
import { identityText, keyOfTexts } from '../../../../kernel/engine/store/canonical.ts';
import type { StoredCall } from '../../../../kernel/engine/store/store.ts';

export const MODEL = { provider: 'scripted', model: 'scripted-1' };

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'assay-store-'));

export const newPath = (): string => join(newFolder(), '.assay', 'store.db');

/** A call whose key fits it. */
export function callOf(
	question: string,
	changes: Partial<StoredCall> = {},
): readonly [key: string, call: StoredCall] {
	const call: StoredCall = {
		model: MODEL,
		kind: 'sample',
		request: requestText(
			{
				kind: 'sample',
				messages: [{ role: 'user', content: question }],
				temperature: 0,
				topP: 1,
				maxTokens: 20,
				stop: [],
				seed: 0,
				subjects: [],
			},
			0,
			'',
			null,
		),
		outcome: { text: `answer to ${question}`, finish: 'stop', usage: { inputTokens: 10, outputTokens: 5 } },
		usd: 0.25,
		seconds: 1.5,
		at: 1_700_000_000_000,
		...changes,
	};
	return [keyOfTexts(identityText(call.model), call.request), call];
}
