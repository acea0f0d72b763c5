"""Log-probabilities of every next token after prompts, by Hugging Face's transformers in PyTorch.

usage: peer_logprobs.py FOLDER PROMPTS.JSON OUT.BIN   (prompts are lists of tokens; float32 rows in their order)
"""

import json
import sys

import torch
from transformers import AutoModelForCausalLM

model = AutoModelForCausalLM.from_pretrained(sys.argv[1], torch_dtype=torch.float32, attn_implementation="eager").eval()
with torch.no_grad(), open(sys.argv[3], "wb") as out:
    for prompt in json.load(open(sys.argv[2])):
        logits = model(torch.tensor([prompt])).logits[0, -1]
        out.write(torch.log_softmax(logits.double(), -1).float().numpy().tobytes())
json.dump(sum(p.numel() for p in model.parameters()), sys.stdout)
