import { readCassette } from '../cassette.ts';
import { CallTable } from './call-table.ts';
import { openDatabase } from './schema.ts';
import { Transactions } from './transaction.ts';

const BATCH = 10_000;

/** A cassette's calls in a private database that SQLite keeps in memory while it is small, and then on disk. */
export function cassetteTable(file: string): CallTable {
	const db = openDatabase('', { readOnly: false, busyMs: 0 });
	const transactions = new Transactions(db);
	const table = new CallTable(db);
	const records = readCassette(file);
	for (let done = false; !done; ) {
		transactions.run(() => {
			for (let i = 0; i < BATCH; i++) {
				const next = records.next();
				if (next.done) {
					done = true;
					break;
				}
				table.append([next.value]);
			}
			table.extendIndex();
		});
		table.committed();
		table.indexExtended();
	}
	return table;
}
