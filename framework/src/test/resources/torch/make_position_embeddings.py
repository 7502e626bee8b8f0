"""Makes position_embeddings.safetensors: PyTorch's bicubic interpolation of position embeddings.

Run in this directory with Python 3, NumPy and PyTorch. Made with PyTorch 1.13. Names are from{P}_to{Q}.input and
.output, [1, 1 + P * P, D], the CLS token first.
"""

import json
import struct

import torch

torch.manual_seed(20)
tensors = {}
for before, after, width in [(4, 7, 5), (7, 4, 5), (14, 24, 3), (14, 1, 3), (1, 3, 3)]:
    embeddings = torch.randn(1, 1 + before * before, width)
    # As Hugging Face's interpolate_pos_encoding: the CLS token apart, patches as a picture [1, D, P, P].
    picture = embeddings[:, 1:].reshape(1, before, before, width).permute(0, 3, 1, 2)
    resized = torch.nn.functional.interpolate(picture, size=(after, after), mode="bicubic", align_corners=False)
    patches = resized.permute(0, 2, 3, 1).reshape(1, -1, width)
    name = f"from{before}_to{after}"
    tensors[name + ".input"] = embeddings
    tensors[name + ".output"] = torch.cat([embeddings[:, :1], patches], dim=1)

header, data = {"__metadata__": {"format": "pt"}}, b""
for name in sorted(tensors):
    value = tensors[name].contiguous().numpy().tobytes()
    header[name] = {
        "dtype": "F32",
        "shape": list(tensors[name].shape),
        "data_offsets": [len(data), len(data) + len(value)],
    }
    data += value
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
with open("position_embeddings.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + data)
