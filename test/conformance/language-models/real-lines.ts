import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { sharedData } from '../../helpers/shared-data.ts';
import type { Needed } from '../servers.ts';

/** What real text seldom has enough of: white space, digits, scripts, emoji, texts that look like tokens. */
const HARD = [
	'',
	' ',
	'  two  spaces   three    four',
	'\t\ttabs\tand\nnew\r\nlines\n\n\n',
	'trailing spaces   ',
	'12345678901234567890 3.14159 1,000,000 ½ ² ٣٤٥ 一二三',
	"I'm you're WE'LL it'S 'tis o'clock",
	'naïve Größe Ångström e\u0301 vs é, ﬁ ligature',
	'日本語のテキスト、한국어 텍스트, العربية, עברית, हिन्दी, ไทย',
	'👍 👩‍👩‍👧‍👦 🏳️‍🌈 🇯🇵 ☺️ 🤷🏽‍♀️',
	'zero\u200bwidth\u00a0non-breaking\u3000ideographic',
	'<|im_start|>user\nhello<|im_end|> </s> [INST]',
	'\u0000\u0007\u001b[31m control',
	'snake_case camelCase kebab-case http://example.org/a?b=c&d=%20',
	'\ud83d broken surrogate',
];

const FILES = ['gsm8k/*.jsonl', 'truthfulqa/*.csv', 'emoji/labels.csv', 'mmlu/test/*.csv', 'bbq/**/*.jsonl'];

/** Lines of real text from the public data files, and hard ones. */
export function realLines(atLeast: number): Needed<readonly string[]> {
	if (!existsSync(sharedData)) return { missing: 'shared/data is not here' };
	const compressed = join(sharedData, 'hh-rlhf/harmless-base-test.jsonl.gz');
	const dialogues = gunzipSync(readFileSync(compressed)).toString('utf8').split('\n').flatMap(saidIn);
	const plain = FILES.flatMap((pattern) => globSync(pattern, { cwd: sharedData }))
		.sort()
		.flatMap((file) => readFileSync(join(sharedData, file), 'utf8').split('\n').slice(0, 700));
	const lines = [...HARD, ...new Set([...dialogues, ...plain])].slice(0, Math.max(atLeast, 10_000));
	return lines.length >= atLeast ? { here: lines } : { missing: `only ${lines.length} lines are here` };
}

const saidIn = (line: string): string[] =>
	line === '' ? [] : (JSON.parse(line) as { chosen: string }).chosen.split('\n\n').slice(1, 4);
