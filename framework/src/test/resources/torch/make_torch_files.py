#!/usr/bin/env python3
"""Writes the files of this folder with PyTorch, here 1.13: python3 make_torch_files.py

What is in them stands in TorchFileTest. Values are multiples of 1/8, so they are exact in every format.
"""
from collections import OrderedDict

import torch


def values(*shape, start=0):
    count = 1
    for size in shape:
        count *= size
    return (torch.arange(count, dtype=torch.float32) + start).reshape(shape) / 8


def plain():
    return OrderedDict(matrix=values(2, 3), vector=values(4, start=-2), scalar=torch.tensor(0.5), none=values(3, 0))


torch.save(plain(), "plain.pth")
torch.save(plain(), "protocol4.pth", pickle_protocol=4)
torch.save(plain(), "legacy.pth", _use_new_zipfile_serialization=False)
torch.save(plain(), "legacy_protocol4.pth", pickle_protocol=4, _use_new_zipfile_serialization=False)

torch.save({"half": values(2, 3).half(), "bfloat": values(2, 3).bfloat16(), "subnormal": torch.tensor([2.0 ** -24]).half()},
           "half.pth")

# Views into one storage of 24 values; together they have 6 + 4 + 2 + 4 = 16.
base = values(4, 6)
views = {
    "transposed": base[:2, :3].t(),
    "column": base[:, 5],
    "row_end": base[3, 3:5],
    "every_other": base[1:3, 1:5:3],
}
torch.save(views, "views.pth")
torch.save(views, "legacy_views.pth", _use_new_zipfile_serialization=False)

# The same weight under two names, as tied layers have; each name is its own tensor of one storage.
tied = values(2, 2)
torch.save({"first": tied, "second": tied.detach(), "same": tied}, "tied.pth")

torch.manual_seed(1)
module = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.LayerNorm(2))
with torch.no_grad():
    for i, parameter in enumerate(module.parameters()):
        parameter.copy_(values(*parameter.shape, start=i))
torch.save(module.state_dict(), "module.pth")  # with _metadata
torch.save(OrderedDict(module.named_parameters()), "parameters.pth")

# Files that are refused.
torch.save({"weight": values(2), "wide": torch.ones(2, dtype=torch.float64)}, "double.pth")
torch.save({"weight": values(2), "count": torch.tensor(3)}, "integer.pth")
optimizer = torch.optim.AdamW(module.parameters())
torch.save({"state_dict": module.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3, "loss": 0.5},
           "training.pth")
torch.save(module, "module_object.pth")
