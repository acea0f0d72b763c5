"""Tokens of lines by Hugging Face's tokenizers. usage: peer_tokens.py TOKENIZER.JSON LINES.JSON"""

import json
import sys

from tokenizers import Tokenizer

tokenizer = Tokenizer.from_file(sys.argv[1])
lines = json.load(open(sys.argv[2]))
json.dump([encoding.ids for encoding in tokenizer.encode_batch(lines, add_special_tokens=False)], sys.stdout)
