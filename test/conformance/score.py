"""Log-probabilities of options after prompts, by llama-cpp-python: a JSON list on stdin, one on stdout."""

import json
import sys

import numpy as np
from llama_cpp import Llama

model = Llama(model_path=sys.argv[1], logits_all=True, n_ctx=512, n_threads=1, verbose=False)


def score(prompt, option):
    before = model.tokenize(prompt.encode(), add_bos=False, special=True)
    tokens = model.tokenize(option.encode(), add_bos=False, special=False)
    model.reset()
    model.eval(before + tokens)
    total = 0.0
    for i, token in enumerate(tokens):
        logits = model.scores[len(before) + i - 1].astype(np.float64)
        total += logits[token] - logits.max() - np.log(np.exp(logits - logits.max()).sum())
    return {"logprob": float(total), "tokens": len(tokens)}


asked = json.load(sys.stdin)
json.dump([[score(one["prompt"], option) for option in one["options"]] for one in asked], sys.stdout)
