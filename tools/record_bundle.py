"""Records a bundle for `./chirplens verify` from a small random ViT written in plain PyTorch.

It shares no code with ChirpLens, transformers or PEFT: the formulas are those of
framework/src/test/resources/reference/README.md, and the folders, names and types are the ones described there. So a
bundle of any size can be made: more heads than rows per head, adapters on other layers, other patch sizes.

    python3 tools/record_bundle.py OUT [--seed 7] [--image 16 --patch 8 --hidden 12 --layers 2 --heads 6 --mlp 20 ...]

Needs Python 3.9 or newer, PyTorch and NumPy. The bundle that the tests read (framework/src/test/resources/bundle) was
made by the defaults with PyTorch 1.13.
"""

import argparse
import json
import math
import struct
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch

QKV = ("query", "key", "value")
DTYPES = {"float32": "F32", "float64": "F64"}


def save_safetensors(path, arrays):
    """The published file format: header length, JSON header, tensors back to back (widest first keeps them aligned)."""
    arrays = {name: np.ascontiguousarray(value) for name, value in arrays.items()}
    ordered = sorted(arrays, key=lambda name: (-arrays[name].dtype.itemsize, name))
    header, at = {"__metadata__": {"format": "pt"}}, 0
    for name in ordered:
        size = arrays[name].nbytes
        header[name] = {"dtype": DTYPES[arrays[name].dtype.name], "shape": list(arrays[name].shape),
                        "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(arrays[name].tobytes() for name in ordered))


class Model:
    """A ViT with LoRA and a regression head as a dictionary of tensors under the names of ViTModel."""

    def __init__(self, a):
        self.a = a
        torch.manual_seed(a.seed)
        d, patches = a.hidden, (a.image // a.patch) ** 2
        p = self.p = OrderedDict()
        p["embeddings.cls_token"] = 0.5 * torch.randn(1, 1, d)
        p["embeddings.position_embeddings"] = 0.5 * torch.randn(1, patches + 1, d)
        p["embeddings.patch_embeddings.projection.weight"] = torch.randn(d, 3, a.patch, a.patch) / math.sqrt(3 * a.patch**2)
        p["embeddings.patch_embeddings.projection.bias"] = 0.1 * torch.randn(d)
        self.adapted = []
        for l in range(a.layers):
            block = f"encoder.layer.{l}."
            for which in QKV:
                self.linear(block + "attention.attention." + which, d, d)
            self.linear(block + "attention.output.dense", d, d)
            self.linear(block + "intermediate.dense", a.mlp, d)
            self.linear(block + "output.dense", d, a.mlp)
            for norm in ("layernorm_before", "layernorm_after"):
                self.norm(block + norm, d)
        self.norm("layernorm", d)
        for number, (out, inner) in {0: (256, d), 2: (128, 256), 4: (3, 128)}.items():
            self.linear(f"regression_head.{number}", out, inner)

    def linear(self, name, out, inner):
        self.p[name + ".weight"] = 1.5 * torch.randn(out, inner) / math.sqrt(inner)
        self.p[name + ".bias"] = 0.2 * torch.randn(out)
        if name.startswith("encoder") and any(name.endswith("." + target) for target in self.a.targets):
            self.adapted.append(name)
            self.p[name + ".lora_A.weight"] = torch.randn(self.a.rank, inner) / math.sqrt(inner)
            self.p[name + ".lora_B.weight"] = 0.5 * torch.randn(out, self.a.rank) / math.sqrt(self.a.rank)

    def norm(self, name, width):
        self.p[name + ".weight"] = 1 + 0.2 * torch.randn(width)
        self.p[name + ".bias"] = 0.2 * torch.randn(width)

    def base(self):
        return OrderedDict((n, t) for n, t in self.p.items() if "lora_" not in n and not n.startswith("regression_head"))

    def lora(self):
        return OrderedDict((n, t) for n, t in self.p.items() if "lora_" in n)

    def head(self):
        return OrderedDict((n, t) for n, t in self.p.items() if n.startswith("regression_head"))

    def apply(self, p, name, z):
        y = z @ p[name + ".weight"].T + p[name + ".bias"]
        if name + ".lora_A.weight" in p:
            y = y + self.a.alpha / self.a.rank * ((z @ p[name + ".lora_A.weight"].T) @ p[name + ".lora_B.weight"].T)
        return y

    @staticmethod
    def layer_norm(p, name, x):
        return torch.nn.functional.layer_norm(x, x.shape[-1:], p[name + ".weight"], p[name + ".bias"], 1e-12)

    def forward(self, p, x, context_hook=None):
        """Predictions and everything on the way; context_hook(layer, context [B, H, T, d]) may replace contexts."""
        a = self.a
        grid = a.image // a.patch
        patches = torch.nn.functional.conv2d(
            x, p["embeddings.patch_embeddings.projection.weight"], p["embeddings.patch_embeddings.projection.bias"],
            stride=a.patch)
        x = patches.flatten(2).transpose(1, 2)
        x = torch.cat([p["embeddings.cls_token"].expand(len(x), -1, -1), x], 1) + p["embeddings.position_embeddings"]
        states, attentions, contexts = [x], [], []
        for l in range(a.layers):
            block = f"encoder.layer.{l}."
            z = self.layer_norm(p, block + "layernorm_before", x)
            q, k, v = (self.apply(p, block + "attention.attention." + which, z)
                       .view(len(z), -1, a.heads, a.hidden // a.heads).transpose(1, 2) for which in QKV)
            probabilities = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(q.shape[-1]), -1)
            context = probabilities @ v
            contexts.append(context)
            if context_hook is not None:
                context = context_hook(l, context)
            x = x + self.apply(p, block + "attention.output.dense", context.transpose(1, 2).flatten(2))
            z = self.layer_norm(p, block + "layernorm_after", x)
            z = torch.nn.functional.gelu(self.apply(p, block + "intermediate.dense", z))
            x = x + self.apply(p, block + "output.dense", z)
            states.append(x)
            attentions.append(probabilities)
        last = self.layer_norm(p, "layernorm", x)
        result = {"last_hidden_state": last, "hidden_states": torch.stack(states), "attentions": torch.stack(attentions),
                  "contexts": torch.stack(contexts), "grid": grid}
        if "regression_head.0.weight" in p:
            y = torch.relu(self.apply(p, "regression_head.0", last[:, 0]))
            y = torch.relu(self.apply(p, "regression_head.2", y))
            result["predictions"] = self.apply(p, "regression_head.4", y)
        return result


def double(p):
    return OrderedDict((name, value.double()) for name, value in p.items())


def attention_maps(attentions, grid):
    a = attentions[:, :, :, 1:, 1:].mean((1, 3))  # [L, H, P P]
    low, high = a.amin(-1, keepdim=True), a.amax(-1, keepdim=True)
    return ((a - low) / (high - low)).view(*a.shape[:2], grid, grid)


def record_forward(model, out):
    a, p = model.a, model.p
    x = torch.randn(a.images, 3, a.image, a.image)
    r, r64 = model.forward(p, x), model.forward(double(p), x.double())
    b = model.forward(model.base(), x)
    arrays = {"input": x}
    for name in ("last_hidden_state", "hidden_states", "attentions", "predictions"):
        arrays[name] = r[name]
    for name in ("last_hidden_state", "attentions", "predictions"):
        arrays[name + "_f64"] = r64[name]
    for name in ("last_hidden_state", "hidden_states", "attentions"):
        arrays["backbone_" + name] = b[name]
    arrays[f"attention_maps_batch{a.images}"] = attention_maps(r["attentions"], r["grid"])
    arrays["attention_maps_batch1"] = torch.stack(
        [attention_maps(r["attentions"][:, i:i + 1], r["grid"]) for i in range(a.images)])
    first = r["attentions"][:, 0, :, 1, 1:]
    arrays[f"overlay_cell_values_batch{a.images}"] = first.reshape(*first.shape[:2], r["grid"], r["grid"])
    # What the published example loads: neither backbone nor adapter, here the backbone without its adapter.
    head_only = OrderedDict(model.base())
    head_only.update(model.head())
    arrays["predictions_released_example_loading"] = model.forward(head_only, x)["predictions"]
    save_safetensors(out / "forward" / "all.safetensors", {name: value.numpy() for name, value in arrays.items()})


def zeroed(model, l, rows, parts):
    """A copy of the parameters with rows of layer l's projections zeroed: of base weights, LoRA's B, biases."""
    p = OrderedDict(model.p)
    for which in QKV:
        name = f"encoder.layer.{l}.attention.attention.{which}"
        for suffix in parts:
            if name + suffix in p:
                p[name + suffix] = p[name + suffix].clone()
                p[name + suffix][rows] = 0
    return p


def batches(n, size):
    return [slice(start, min(n, start + size)) for start in range(0, n, size)]


def record_ablation(model, out):
    a, d, n = model.a, model.a.hidden // model.a.heads, model.a.ablation_images
    x = torch.randn(n, 3, a.image, a.image)
    raw = torch.rand(n, 3, dtype=torch.float64) * torch.tensor([45.0, 100.0, 100.0], dtype=torch.float64)
    mean, std = raw.mean(0), raw.std(0, unbiased=False)
    labels = ((raw - mean) / std).float()
    arrays = {"input": x, "labels_raw": raw.float(), "label_mean": mean, "label_std": std, "labels_standardised": labels}
    parts = batches(n, a.batch)

    def predict(p, hook=None):
        return torch.cat([model.forward(p, x[part], hook)["predictions"] for part in parts])

    def losses(predictions):
        squares = (predictions.double() - labels.double()) ** 2
        return squares.mean().item(), np.mean([squares[part].mean().item() for part in parts])

    clean = [model.forward(model.p, x[part]) for part in parts]
    arrays["baseline_predictions"] = torch.cat([c["predictions"] for c in clean])
    contexts = torch.cat([c["contexts"] for c in clean], 1).double()  # [L, N, H, T, d]
    arrays["mean_context_per_position"] = contexts.mean(1).float()
    arrays["mean_context"] = contexts.mean((1, 3)).float()

    def replaced(layer, head, value):
        def hook(l, context):
            if l != layer:
                return context
            context = context.clone()
            context[:, head] = value
            return context
        return hook

    heads = [(l, h) for l in range(a.layers) for h in range(a.heads)]
    one_head = {
        "row_only": lambda l, h: predict(zeroed(model, l, slice(h, h + 1), [".weight"])),
        "zero_qkv_base": lambda l, h: predict(zeroed(model, l, slice(h * d, h * d + d), [".weight"])),
        "zero_qkv_base_lora": lambda l, h: predict(
            zeroed(model, l, slice(h * d, h * d + d), [".weight", ".lora_B.weight"])),
        "zero_qkv_base_lora_bias": lambda l, h: predict(
            zeroed(model, l, slice(h * d, h * d + d), [".weight", ".lora_B.weight", ".bias"])),
        "head_mask": lambda l, h: predict(model.p, replaced(l, h, 0.0)),
        "mean_ablation": lambda l, h: predict(model.p, replaced(l, h, arrays["mean_context"][l, h])),
        "mean_ablation_per_position": lambda l, h: predict(
            model.p, replaced(l, h, arrays["mean_context_per_position"][l, h])),
    }
    for name, measure in one_head.items():
        predictions = [measure(l, h) for l, h in heads]
        store(arrays, name, predictions, [losses(q) for q in predictions], a)
    # The published loop: zero after each forward pass, never restore.
    p, predictions = OrderedDict((name, value.clone()) for name, value in model.p.items()), []
    for l, h in heads:
        own = []
        for part in parts:
            own.append(model.forward(p, x[part])["predictions"])
            for which in QKV:
                p[f"encoder.layer.{l}.attention.attention.{which}.weight"][h] = 0
        predictions.append(torch.cat(own))
    store(arrays, "released", predictions, [losses(q)[::-1] for q in predictions], a)
    arrays["released_loss_sample_weighted"] = arrays.pop("released_loss_batch_mean")
    arrays["released_predictions_after_whole_loop"] = predict(p)
    save_safetensors(out / "ablation" / "all.safetensors", {k: np.asarray(v) for k, v in arrays.items()})
    (out / "ablation" / "setup.json").write_text(json.dumps({"seed": a.seed, "batch_size": a.batch}) + "\n")
    return x, labels


def store(arrays, name, predictions, losses, a):
    shape = (a.layers, a.heads)
    arrays[name + "_predictions"] = torch.stack(predictions).view(*shape, -1, 3)
    arrays[name + "_loss"] = np.array([loss[0] for loss in losses]).reshape(shape)
    arrays[name + "_loss_batch_mean"] = np.array([loss[1] for loss in losses]).reshape(shape)


def released_name(model, name, base_layer=True):
    if name.startswith("regression_head"):
        return name
    for module in model.adapted:
        if name.startswith(module + ".lora"):
            return "vit.base_model.model." + name.replace(".weight", ".default.weight")
        if name.startswith(module + ".") and base_layer:
            return "vit.base_model.model." + name.replace(module, module + ".base_layer")
    return "vit.base_model.model." + name


def record_training(model, out, x, labels):
    a, steps, rate = model.a, 3, 1e-3
    size = min(a.batch, a.ablation_images // steps)
    arrays = {}
    for suffix, dtype in (("", torch.float32), ("_f64", torch.float64)):
        p = OrderedDict((name, value.to(dtype).clone()) for name, value in model.p.items())
        trained = [name for name in p if "lora_" in name or name.startswith("regression_head")]
        for name in trained:
            p[name].requires_grad_(True)
        optimizer = torch.optim.AdamW([p[name] for name in trained], lr=rate)
        losses = []
        for step in range(steps):
            part = slice(step * size, (step + 1) * size)
            loss = torch.nn.functional.mse_loss(model.forward(p, x[part].to(dtype))["predictions"], labels[part].to(dtype))
            optimizer.zero_grad()
            loss.backward()
            if step == 0 and not suffix:
                for name in trained:
                    arrays["grad_step1." + released_name(model, name)] = p[name].grad.clone()
            optimizer.step()
            losses.append(loss.item())
        arrays["losses" + suffix] = np.array(losses)
        if not suffix:
            for name in trained:
                arrays["final." + released_name(model, name)] = p[name].detach()
            with torch.no_grad():
                arrays["final_predictions"] = model.forward(p, x)["predictions"]
    save_safetensors(out / "training" / "all.safetensors", {k: np.asarray(v) for k, v in arrays.items()})
    settings = {"optimizer": "AdamW", "lr": rate, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.01,
                "amsgrad": False, "steps": steps, "batch": size}
    (out / "training" / "training.json").write_text(json.dumps(settings, indent=1) + "\n")


def record_model(model, out):
    a, folder = model.a, out / "model"
    for name in ("backbone_vitmodel", "adapter"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    torch.save(OrderedDict((released_name(model, n), t) for n, t in model.p.items()), folder / "best_vit_regression.pth")
    save_safetensors(folder / "backbone_vitmodel" / "model.safetensors", {n: t.numpy() for n, t in model.base().items()})
    save_safetensors(folder / "adapter" / "adapter_model.safetensors",
                     {"base_model.model." + n: t.numpy() for n, t in model.lora().items()})
    save_safetensors(folder / "regression_head.safetensors",
                     {n.replace("regression_head.", ""): t.numpy() for n, t in model.head().items()})
    config = {"model_type": "vit", "hidden_act": "gelu", "hidden_size": a.hidden, "image_size": a.image,
              "intermediate_size": a.mlp, "layer_norm_eps": 1e-12, "num_attention_heads": a.heads, "num_channels": 3,
              "num_hidden_layers": a.layers, "patch_size": a.patch, "qkv_bias": True}
    (folder / "backbone_vitmodel" / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    adapter = {"peft_type": "LORA", "r": a.rank, "lora_alpha": a.alpha, "lora_dropout": 0.1, "bias": "none",
               "target_modules": a.targets, "use_rslora": False, "use_dora": False, "modules_to_save": None}
    (folder / "adapter" / "adapter_config.json").write_text(json.dumps(adapter, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description="Records a bundle of a small random ViT.")
    parser.add_argument("out", type=Path)
    for name, value in {"seed": 7, "image": 16, "patch": 8, "hidden": 12, "layers": 2, "heads": 6, "mlp": 20, "rank": 3,
                        "alpha": 5, "images": 4, "ablation_images": 13, "batch": 4}.items():
        parser.add_argument("--" + name.replace("_", "-"), type=int, default=value)
    parser.add_argument("--targets", nargs="+", default=["query", "value"])
    a = parser.parse_args()
    torch.set_num_threads(1)
    model = Model(a)
    with torch.no_grad():
        record_forward(model, a.out)
        x, labels = record_ablation(model, a.out)
        record_model(model, a.out)
    record_training(model, a.out, x, labels)


if __name__ == "__main__":
    main()
