"""Losses of training steps by PyTorch on a model of Hugging Face's transformers.

usage: peer_training.py FOLDER BATCHES.JSON RATE CLIP   (a batch is a list of [prompt tokens, completion tokens])
"""

import json
import sys

import torch
from torch.nn import functional
from transformers import AutoModelForCausalLM

folder, batches, rate, clip = sys.argv[1], json.load(open(sys.argv[2])), float(sys.argv[3]), float(sys.argv[4])
model = AutoModelForCausalLM.from_pretrained(folder, torch_dtype=torch.float32, attn_implementation="eager")
model.eval()  # no dropout
matrices = [p for p in model.parameters() if p.dim() > 1]
vectors = [p for p in model.parameters() if p.dim() == 1]
optimiser = torch.optim.AdamW(
    [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}], lr=rate, eps=1e-8
)
losses = []
for batch in batches:
    optimiser.zero_grad()
    total, tokens = 0, sum(len(completion) for _, completion in batch)
    for prompt, completion in batch:
        text = torch.tensor([prompt + completion])
        logits = model(text[:, :-1]).logits[0]
        total = total + functional.cross_entropy(
            logits[len(prompt) - 1 :], text[0, len(prompt) :], reduction="sum"
        )
    loss = total / tokens
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
    optimiser.step()
    losses.append([loss.item(), norm.item()])
json.dump(losses, sys.stdout)
