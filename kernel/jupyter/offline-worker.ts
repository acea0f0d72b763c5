/** Loaded first in threads that a kernel without network starts. */
import { goOffline } from './offline.ts';

goOffline();
